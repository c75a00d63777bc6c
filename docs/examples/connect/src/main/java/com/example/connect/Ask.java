package com.example.connect;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;
import org.alcove.connect.Finding;
import org.alcove.connect.SealedClient;
import org.alcove.connect.VerifiedServer;

/** Asks one question of servers that are verified first: Ask POLICY COLLATERAL MODEL QUESTION URL… */
public final class Ask {

    private Ask() {
    }

    public static void main(String[] arguments) throws Exception {
        Policy policy = Policy.read(Files.readAllBytes(Path.of(arguments[0])));
        Collateral collateral = arguments[1].isEmpty() ? Collateral.NONE : Collateral.read(Path.of(arguments[1]));
        List<VerifiedServer.Settings> servers = Arrays.stream(arguments).skip(4)
                .map(address -> VerifiedServer.Settings.of(URI.create(address))).toList();
        try (SealedClient client = new SealedClient(servers, Verifier.tdx(), InstantSource.system())) {
            for (SealedClient.Look look : client.verify(policy, collateral)) {
                System.err.println(look.server() + (look.good() ? " is verified" : " is refused: " + why(look)));
            }
            answer(client, arguments[2], arguments[3], System.out);
        }
    }

    private static String why(SealedClient.Look look) {
        return look.problem() + String.join("; ", look.findings().stream().map(Finding::problem).toList());
    }

    /** Writes the answer as it comes. Where nobody was found good this throws, and no byte of the question has left. */
    public static void answer(SealedClient client, String model, String question, PrintStream out)
            throws IOException, InterruptedException {
        GenerateRequest request = new GenerateRequest(model, RequestContext.fresh(),
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, question)), Map.of()),
                SamplingParameters.PLAIN, GenerateRequest.Limits.tokens(200), GenerateRequest.Logprobs.NONE);
        try (Generation answer = client.generate(request)) {
            for (GenerationEvent event = answer.next(); event != null; event = answer.next()) {
                switch (event) {
                    case GenerationEvent.Delta delta -> out.print(delta.text());
                    case GenerationEvent.Finished finished -> out.println();
                    case GenerationEvent.Failed failed -> throw new IOException(failed.failure().message());
                    case GenerationEvent.Started started -> { }
                    case GenerationEvent.PromptScored scored -> { }
                }
            }
        }
    }
}
