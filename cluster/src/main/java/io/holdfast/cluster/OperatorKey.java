package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.journal.SecretFile;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * What an operator signs with: Ed25519, RFC 8032. The file that holds it is readable by its owner
 * alone; what others need to trust it is in {@code FILE.pub}.
 */
public final class OperatorKey {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Operator operator;
  private final PrivateKey key;

  private OperatorKey(Operator operator, PrivateKey key) {
    this.operator = operator;
    this.key = key;
  }

  /**
   * Makes a key, writes it to a file, and its public part beside it.
   *
   * @throws HoldfastException code {@code bad-operator}, {@code key-exists}
   */
  public static OperatorKey create(String name, Path file) {
    Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
    try {
      KeyPair pair = KeyPairGenerator.getInstance(Operator.ALGORITHM).generateKeyPair();
      Operator operator =
          new Operator(name, Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
      byte[] content =
          JSON.writerWithDefaultPrettyPrinter()
              .writeValueAsBytes(
                  JSON.createObjectNode()
                      .put("format", Operator.FORMAT)
                      .put("name", name)
                      .put("public_key", operator.publicKey())
                      .put(
                          "private_key",
                          Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())));
      if (Files.exists(file) || Files.exists(publicFile)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      SystemDisk.INSTANCE.writeSecret(file, content);
      operator.write(publicFile);
      return new OperatorKey(operator, pair.getPrivate());
    } catch (FileAlreadyExistsException e) {
      throw new HoldfastException(
          "key-exists", file + " or " + publicFile + " exists", "name another file with --out", e);
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /**
   * Reads a key.
   *
   * @throws HoldfastException codes {@code key-file-…}
   */
  public static OperatorKey read(Path file) {
    byte[] content = SecretFile.readSecret(file);
    try {
      JsonNode json = JSON.readTree(content);
      byte[] encoded = Base64.getDecoder().decode(json.required("private_key").asText());
      return new OperatorKey(
          Operator.of(json, file),
          KeyFactory.getInstance(Operator.ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (IOException | IllegalArgumentException | GeneralSecurityException e) {
      throw Operator.damaged(file, e);
    }
  }

  public Operator operator() {
    return operator;
  }

  /** Signs; base64. */
  String sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(Operator.ALGORITHM);
      signature.initSign(key);
      signature.update(bytes);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }
}
