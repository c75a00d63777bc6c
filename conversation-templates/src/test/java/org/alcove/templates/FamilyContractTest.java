package org.alcove.templates;

import java.util.List;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.testkit.conversation.ControlTokens;
import org.alcove.testkit.conversation.SampleConversation;
import org.alcove.testkit.conversation.TemplateContract;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("names")
class FamilyContractTest extends TemplateContract {

    @Parameter
    String family;

    static List<String> names() {
        return Families.names();
    }

    @Override
    protected ConversationTemplate template() {
        return Families.named(family);
    }

    /** Only the tokens the family itself writes, and a stranger: all of them in all families would take half a minute. */
    @Override
    protected SampleConversation setting() {
        String own = Families.format(family).toString();
        return SampleConversation.of(SampleConversation.user("x")).withTokens("<s>", "</s>",
                ControlTokens.COMMON.stream().filter(token -> own.contains(token) || token.equals("<|eot_id|>")).toList());
    }

    @Override
    protected boolean takesSystem() {
        return Families.format(family).system().isPresent();
    }

    @Override
    protected boolean takesSeveralTurns() {
        return Families.format(family).rules().turns() > 1;
    }
}
