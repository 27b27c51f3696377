"""A small scene in several languages, written for these tests."""

TEXTS = {
    "en": (
        "“Where were you?” asked Anna. She looked at him, and he did not know what to say. “In the "
        "garden,” he said, “with the bees.”\n\nIt was late, and the lamp in the window was out.\n"
    ),
    "de": (
        "„Wo warst du?“, fragte Anna. Sie sah ihn an, und er wusste nicht, was er sagen sollte. "
        "„Im Garten“, sagte er, „bei den Bienen.“\n\nEs war spät, und die Lampe in dem Fenster war "
        "nicht mehr an.\n"
    ),
    "fr": (
        "— Où étais-tu ? demanda Anne.\n\nElle le regarda, et il ne savait pas que dire. La lampe "
        "était dans la cour, et le jardin était vide.\n\n— Au jardin, dit-il, avec les abeilles.\n"
    ),
    "es": (
        "—¿Dónde estabas? —preguntó Ana.\n\nElla lo miró, y él no supo qué decir. Era de noche y "
        "la lámpara del patio no estaba.\n\n—En el jardín —dijo él—, con las abejas. ¡Pero no me "
        "crees!\n\n«Miente», pensó ella.\n"
    ),
}
