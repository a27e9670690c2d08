package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.journal.SecretFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * A person whose signature counts, as a file with a public key makes them known.
 *
 * @param publicKey Ed25519, encoded as X.509 says, base64
 */
public record Operator(String name, String publicKey) {
  static final String ALGORITHM = "Ed25519";
  static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  public Operator {
    NodeIdentity.checkName("an operator's name", name, "bad-operator");
  }

  /**
   * Reads a public key's file.
   *
   * @throws HoldfastException codes {@code key-file-…}, {@code bad-operator}
   */
  public static Operator read(Path file) {
    try {
      Operator operator = of(JSON.readTree(SecretFile.readPublic(file)), file);
      operator.key();
      return operator;
    } catch (IOException | IllegalArgumentException | GeneralSecurityException e) {
      throw damaged(file, e);
    }
  }

  static Operator of(JsonNode json, Path file) {
    if (json.path("format").asInt() != FORMAT) {
      throw damaged(file, new IllegalArgumentException("its format is not " + FORMAT));
    }
    return new Operator(json.required("name").asText(), json.required("public_key").asText());
  }

  void write(Path file) throws IOException {
    SystemDisk.INSTANCE.writeDurably(
        file,
        JSON.writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(
                JSON.createObjectNode()
                    .put("format", FORMAT)
                    .put("name", name)
                    .put("public_key", publicKey)));
  }

  /** Whether this operator signed these bytes. */
  boolean signed(byte[] bytes, String base64) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key());
      signature.update(bytes);
      return signature.verify(Base64.getDecoder().decode(base64));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false; // what is no signature at all was not signed either
    }
  }

  private PublicKey key() throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
  }

  static HoldfastException damaged(Path file, Exception cause) {
    return new HoldfastException(
        "key-file-damaged",
        file + " is no operator's key: " + cause.getMessage(),
        "make one with 'holdfast recover key'",
        cause);
  }
}
