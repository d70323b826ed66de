package com.fyvault.environments;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;

import com.fyvault.support.Answers;
import com.fyvault.support.ServerTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Tests that each work on the environments of a project of their own. */
abstract class EnvironmentTest extends ServerTest {
    private final AtomicInteger next = new AtomicInteger();

    @Override
    protected Map<String, String> settings() {
        return Map.of("postgres.acquire.timeout.millis", "5000");
    }

    /** The path of a new project. */
    String project() {
        String name = "p" + next.incrementAndGet();
        created(owner.post("/projects", named(name)));
        return "/projects/" + name;
    }

    /** The names of a project's environments, in their order. */
    List<String> names(String project) {
        return Answers.names(owner.get(project + "/environments"));
    }
}
