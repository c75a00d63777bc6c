package org.alcove.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.GuardName;
import org.alcove.api.guard.Verdict;
import org.alcove.api.worker.GenerateRequest;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A guard that hears of no blue doors and ends answers behind so many characters; its own plug-in, of this one class. */
public final class ShortSpokenGuard implements BundleActivator, Guard {

    static final String NAME = "short_spoken";
    static final String REASON = "nothing is said here of blue doors";
    static final int CHARACTERS = 40;

    private static final Map<String, String> MANIFEST = Map.of("Manifest-Version", "1.0", "Bundle-ManifestVersion", "2",
            "Bundle-SymbolicName", "com.example.short-spoken", "Bundle-Version", "1.0.0",
            "Bundle-Activator", ShortSpokenGuard.class.getName(),
            "Import-Package", "org.osgi.framework,org.alcove.api.guard,org.alcove.api.worker");

    /** Writes the plug-in. */
    static void writeTo(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        MANIFEST.forEach((name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
        String file = ShortSpokenGuard.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = ShortSpokenGuard.class.getResourceAsStream("/" + file)) {
            out.putNextEntry(new ZipEntry(file));
            in.transferTo(out);
        }
    }

    @Override
    public void start(BundleContext context) {
        context.registerService(Guard.class, this, new Hashtable<>(Map.of(GuardName.PROPERTY, NAME)));
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service away.
    }

    @Override
    public Verdict judge(GenerateRequest request) {
        return request.input() instanceof GenerateRequest.Text prompt
                && prompt.text().toLowerCase(Locale.ROOT).contains("blue door") ? new Verdict.Refuse(REASON) : Verdict.PASS;
    }

    @Override
    public Optional<AnswerWatch> watch(GenerateRequest request) {
        AtomicInteger said = new AtomicInteger();
        return Optional.of(text -> said.addAndGet(text.length()) <= CHARACTERS);
    }
}
