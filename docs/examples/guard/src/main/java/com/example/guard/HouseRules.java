package com.example.guard;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alcove.api.conversation.Message;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.GuardName;
import org.alcove.api.guard.Verdict;
import org.alcove.api.worker.GenerateRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Bounds how much a request may say, and refuses requests and ends answers in which a denied phrase stands. Phrases are compared
 * without regard to case; they are no patterns, so that no text can keep the comparison busy.
 */
@Component(configurationPid = "com.example.house_rules")
@Designate(ocd = HouseRulesConfiguration.class)
@GuardName("house_rules")
public final class HouseRules implements Guard {

    private volatile Rules rules;

    /** The configuration as it is used. */
    private record Rules(int mostMessages, int longestMessage, List<String> denied) {
    }

    @Activate
    public HouseRules(HouseRulesConfiguration configuration) {
        modified(configuration);
    }

    /** With this method a change of configuration does not take the guard away for a moment. */
    @Modified
    void modified(HouseRulesConfiguration configuration) {
        rules = new Rules(configuration.most__messages(), configuration.longest__message__characters(),
                Stream.of(configuration.denied()).map(HouseRules::plain).filter(phrase -> !phrase.isBlank()).toList());
    }

    @Override
    public Verdict judge(GenerateRequest request) {
        Rules now = rules;
        return switch (request.input()) {
            case GenerateRequest.Chat chat -> judge(chat, now);
            case GenerateRequest.Text text -> judge(Stream.of(text.text()), now);
            case GenerateRequest.Tokens tokens -> now.denied().isEmpty() ? Verdict.PASS
                    : new Verdict.Refuse("a prompt of token ids cannot be read by the rules of this house; send text");
        };
    }

    private static Verdict judge(GenerateRequest.Chat chat, Rules now) {
        if (chat.messages().size() > now.mostMessages()) {
            return new Verdict.Refuse("the conversation has " + chat.messages().size() + " messages; at most "
                    + now.mostMessages() + " are accepted here, so begin a new one");
        }
        return judge(Stream.concat(chat.messages().stream().map(Message::content), texts(chat.templateArguments())), now);
    }

    private static Verdict judge(Stream<String> texts, Rules now) {
        for (String text : (Iterable<String>) texts::iterator) {
            if (text.length() > now.longestMessage()) {
                return new Verdict.Refuse("a message has " + text.length() + " characters; at most " + now.longestMessage()
                        + " are accepted here, so shorten it");
            }
            if (saysDenied(plain(text), now)) {
                return new Verdict.Refuse("the request contains what is not talked about here; put it another way");
            }
        }
        return Verdict.PASS;
    }

    /** Templates may print their arguments, so they are a part of what was said. */
    private static Stream<String> texts(Object argument) {
        return switch (argument) {
            case String text -> Stream.of(text);
            case Map<?, ?> map -> Stream.concat(map.keySet().stream(), map.values().stream()).flatMap(HouseRules::texts);
            case Collection<?> list -> list.stream().flatMap(HouseRules::texts);
            default -> Stream.empty();
        };
    }

    private static boolean saysDenied(String plain, Rules now) {
        return now.denied().stream().anyMatch(plain::contains);
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<AnswerWatch> watch(GenerateRequest request) {
        Rules now = rules;
        return now.denied().isEmpty() ? Optional.empty() : Optional.of(new Listener(now));
    }

    /** Keeps as much of the answer as a phrase may have begun with. */
    private static final class Listener implements AnswerWatch {

        private final Rules rules;
        private final int kept;
        private String heard = "";

        Listener(Rules rules) {
            this.rules = rules;
            this.kept = rules.denied().stream().mapToInt(String::length).max().orElse(1) - 1;
        }

        @Override
        public boolean passes(String text) {
            heard += plain(text);
            boolean passes = !saysDenied(heard, rules);
            heard = heard.substring(Math.max(0, heard.length() - kept));
            return passes;
        }
    }
}
