package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLSocket;
import javax.security.auth.x500.X500Principal;

/**
 * Whom a certificate is for. A server answers 400 to who asks it by any other name, so these are the names to ask by and to tell
 * people: those of the certificate's extension, or where that has none its common name.
 *
 * @param names in small letters, the most fitting for people first; one that begins with {@code *.} stands for many
 */
record CertificateNames(List<String> names) {

    /** The name of a server of this machine where nothing names another. */
    static final String LOCALHOST = "localhost";

    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;
    private static final String ANY = "*.";
    /** What people write for themselves, as "My server", nobody can ask by. */
    private static final String HOST = "[\\w.:*-]+";

    static CertificateNames of(X509Certificate certificate) {
        try {
            Collection<List<?>> others = certificate.getSubjectAlternativeNames();
            List<String> extension = others == null ? List.of()
                    : Stream.concat(ofKind(DNS_NAME, others), ofKind(ADDRESS, others)).toList();
            return new CertificateNames((extension.isEmpty() ? common(certificate.getSubjectX500Principal()) : extension).stream()
                    .filter(name -> name.matches(HOST)).toList());
        } catch (CertificateParsingException | InvalidNameException unreadable) {
            return new CertificateNames(List.of());
        }
    }

    private static Stream<String> ofKind(int kind, Collection<List<?>> names) {
        return names.stream().filter(name -> name.getFirst().equals(kind)).map(name -> small(name.get(1)));
    }

    private static List<String> common(X500Principal subject) throws InvalidNameException {
        return new LdapName(subject.getName()).getRdns().stream().filter(part -> part.getType().equalsIgnoreCase("CN"))
                .map(part -> small(part.getValue())).toList();
    }

    private static String small(Object name) {
        return name.toString().toLowerCase(Locale.ROOT);
    }

    /** The name to ask the server by that a connection leads to: one of its certificate, if it has shown one. */
    static String asked(Socket connection) throws IOException {
        if (connection instanceof SSLSocket secure) {
            secure.startHandshake();
            if (secure.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
                return of(certificate).names.stream().findFirst().map(name -> one(name, LOCALHOST))
                        .map(name -> name.contains(":") ? "[" + name + "]" : name).orElse(LOCALHOST);
            }
        }
        return LOCALHOST;
    }

    /**
     * The name to tell people.
     *
     * @param bound names of the address that the server is bound to, the best one first
     * @return the first of them that the certificate is for, or else a name of its own
     */
    String told(List<String> bound) {
        return Stream.concat(bound.stream().filter(this::cover), names.stream().map(name -> one(name, "HOST")))
                .findFirst().orElse(bound.getFirst());
    }

    private boolean cover(String host) {
        String name = small(host);
        return names.stream().anyMatch(mine -> mine.equals(name) || sameAddress(mine, name)
                || mine.startsWith(ANY) && name.contains(".") && name.substring(name.indexOf('.')).equals(mine.substring(1)));
    }

    private static boolean sameAddress(String one, String other) {
        try {
            return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
        } catch (IllegalArgumentException names) {
            return false;
        }
    }

    /** One of the many that a name with a star stands for. */
    private static String one(String name, String first) {
        return name.startsWith(ANY) ? first + name.substring(1) : name;
    }
}
