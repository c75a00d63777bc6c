package org.alcove.attestation.tdx;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Consumer;
import org.alcove.attestation.Collateral;

/** The attestation agent of a TDX machine that a test makes up: its quotes hang on a root of its own, and can be made wrong. */
public final class FakeMachine implements AutoCloseable {

    private static final String QUESTION = "runtime_data=";
    private static final int REPORT_DATA = 520;
    private static final int MR_TD = 136;
    private static final int ATTRIBUTES = 120;

    private final FakePlatform platform = new FakePlatform();
    private final HttpServer agent;
    private byte[] last;
    private boolean replays;

    public FakeMachine() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/aa/evidence", this::answer);
        agent.start();
    }

    /** Where the agent answers. */
    public String url() {
        return "http://127.0.0.1:" + agent.getAddress().getPort();
    }

    /** For {@link TestRoot}. */
    public String root() {
        return platform.trust().keyDigest();
    }

    /** What the maker of the processor says of such machines, as files. */
    public Path collateral(Path folder) throws IOException {
        Collateral known = platform.collateral();
        Files.createDirectories(folder);
        Files.write(folder.resolve("tcb_info.json"), known.tcbInfo());
        Files.write(folder.resolve("tcb_info_issuer_chain.pem"), known.tcbInfoChain());
        Files.write(folder.resolve("qe_identity.json"), known.qeIdentity());
        Files.write(folder.resolve("qe_identity_issuer_chain.pem"), known.qeIdentityChain());
        Files.write(folder.resolve("root_ca_crl"), known.rootCrl());
        Files.write(folder.resolve("pck_crl"), known.pckCrl());
        return folder;
    }

    /** What makes its next quotes wrong, or right again. */
    public enum Fault {
        NONE(machine -> { }),
        OTHER_SOFTWARE(machine -> machine.platform.body[MR_TD] = 0x44),
        DEBUG(machine -> machine.platform.body[ATTRIBUTES] = 1),
        OUT_OF_DATE(machine -> machine.platform.pceSvn = 5),
        REPLAY(machine -> machine.replays = true);

        private final Consumer<FakeMachine> deed;

        Fault(Consumer<FakeMachine> deed) {
            this.deed = deed;
        }
    }

    public synchronized void become(Fault fault) {
        platform.body[MR_TD] = 0x11;
        platform.body[ATTRIBUTES] = 0;
        platform.pceSvn = 13;
        replays = false;
        fault.deed.accept(this);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        byte[] body = ("{\"quote\":\"" + Base64.getEncoder().encodeToString(quote(query.substring(QUESTION.length()))) + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized byte[] quote(String runtimeData) {
        if (!replays) {
            byte[] data = runtimeData.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(data, 0, platform.body, REPORT_DATA, data.length);
            // The certificate that the quote carries tells the platform's versions, and is written with the collateral.
            platform.collateral();
            last = platform.quote();
        }
        return last;
    }

    @Override
    public void close() {
        agent.stop(0);
    }
}
