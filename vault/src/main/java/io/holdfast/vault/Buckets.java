package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Opens buckets, with credentials and region from where all tools for S3 take them. */
final class Buckets {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  // No byte for so long: the connection is dead. A store under load answers sooner.
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final long CREDENTIALS_MILLIS = 8_000;

  private Buckets() {}

  static Repository open(RepositoryLocation.InBucket location) {
    AwsCredentialsProvider credentials = credentials(location);
    demandCredentials(location, credentials);
    return open(location, credentials, Attempts.Patience.DEFAULT);
  }

  static S3Repository open(
      RepositoryLocation.InBucket location,
      AwsCredentialsProvider credentials,
      Attempts.Patience patience) {
    return new S3Repository(location, client(location, credentials), patience);
  }

  private static S3Client client(
      RepositoryLocation.InBucket location, AwsCredentialsProvider credentials) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region(location))
            .credentialsProvider(credentials)
            .forcePathStyle(location.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .build())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE));
    if (location.endpoint() != null) {
      builder.endpointOverride(location.endpoint());
    }
    return builder.build();
  }

  /** Only Amazon's own machines are asked over the network for the keys to Amazon's own store. */
  private static AwsCredentialsProvider credentials(RepositoryLocation.InBucket location) {
    List<AwsCredentialsProvider> chain =
        new ArrayList<>(
            List.of(
                SystemPropertyCredentialsProvider.create(),
                EnvironmentVariableCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                ContainerCredentialsProvider.create()));
    if (location.endpoint() == null) {
      chain.add(InstanceProfileCredentialsProvider.create());
    }
    return AwsCredentialsProviderChain.builder().credentialsProviders(chain).build();
  }

  private static void demandCredentials(
      RepositoryLocation.InBucket location, AwsCredentialsProvider credentials) {
    CompletableFuture<@Nullable Void> found = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    credentials.resolveCredentials();
                    found.complete(null);
                  } catch (Throwable e) {
                    found.completeExceptionally(e);
                  }
                });
    try {
      found.get(CREDENTIALS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      thread.interrupt();
      throw new HoldfastException(
          "repository-denied",
          "there are no credentials for " + location.describe(),
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or keep them in ~/.aws/credentials"
              + " (AWS_PROFILE names the profile)",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.interrupt();
      throw RepositoryFaults.unavailable(location.describe(), "was not opened", "try again", e);
    }
  }

  /** A store that is not Amazon's hardly ever cares, but the signature needs some region. */
  private static Region region(RepositoryLocation.InBucket location) {
    String given = location.region();
    if (given != null) {
      return Region.of(given);
    }
    try {
      return new AwsRegionProviderChain(
              new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
          .getRegion();
    } catch (SdkClientException e) {
      if (location.endpoint() != null) {
        return Region.US_EAST_1;
      }
      throw new HoldfastException(
          "malformed-location",
          "the region of " + location.describe() + " is not given; allowed: the one of the bucket",
          "give it with --region, or set AWS_REGION",
          e);
    }
  }
}
