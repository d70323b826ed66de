import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/**
 * What a provider's backend does, with java.net.http: push, rotate with a grace, revoke. Run it as it is: java Provider.java.
 * FYVAULT_URL: https://vault.example.com/api/v1; FYVAULT_ORG, FYVAULT_PROVIDER, FYVAULT_TOKEN: from the registration.
 */
public final class Provider {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final String PROVIDER = System.getenv("FYVAULT_URL") + "/orgs/" + System.getenv("FYVAULT_ORG")
            + "/providers/" + System.getenv("FYVAULT_PROVIDER");

    private Provider() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(call("POST", "/push", """
                {"secret_name": "JAVA_KEY", "value": "re_live_1", "environment": "production", "provider_version": 1}"""));
        System.out.println(call("PATCH", "", """
                {"secret_name": "JAVA_KEY", "value": "re_live_2", "provider_version": 2, "gracePeriodSeconds": 3600}"""));
        System.out.println(call("DELETE", "", """
                {"secret_name": "JAVA_KEY"}"""));
    }

    private static String call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(PROVIDER + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + System.getenv("FYVAULT_TOKEN"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        // After 429 and 503 the same request, with the same Idempotency-Key, may be sent again.
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
