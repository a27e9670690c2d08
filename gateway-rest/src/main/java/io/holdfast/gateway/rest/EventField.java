package io.holdfast.gateway.rest;

/**
 * A field of an event as it is written in JSON.
 *
 * @param index position among the fields of its shape, below 32
 * @param offset where the record holds it
 */
record EventField(String name, FieldType type, int index, int offset) {}
