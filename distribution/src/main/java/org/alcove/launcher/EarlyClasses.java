package org.alcove.launcher;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.SimpleDateFormat;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Readies what takes long to initialise and every server's start needs, beside the installation of the bundles, which is the work
 * of one processor: what logging, HTTP, the digest of a model and calls of native code begin with.
 */
final class EarlyClasses {

    private EarlyClasses() {
    }

    /** Readies them in a thread of its own; nobody needs to wait for it. */
    static void load() {
        Thread.ofPlatform().daemon().name("alcove-early").start(EarlyClasses::touch);
    }

    private static void touch() {
        LoggerFactory.getILoggerFactory();
        Locale.getAvailableLocales();
        String.format(Locale.ROOT, "%,d %.1f %s", 1000, 0.1, "");
        new SimpleDateFormat("HH:mm:ss.SSS", Locale.ROOT).format(0L);
        Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
        try {
            MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
