/**
 * TypeScript source with its comments blanked out (line numbers stay), so that a rule about code is not tripped by prose.
 * Strings, templates and regular expressions are stepped over: `"http://x"` holds no comment.
 */

const comment = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const strings = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` + "`(?:\\\\[\\s\\S]|[^`\\\\])*`";
/** A slash starts an expression, and not a division, after one of these. */
const expression = String.raw`(?<=(?:^|[(,=:[!&|?{};+>]|return|=>)\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`;
const lexemes = new RegExp(`(?<comment>${comment})|${strings}|${expression}`, "gm");

export function stripComments(source: string): string {
  return source.replaceAll(lexemes, (lexeme) => {
    if (!/^\/[/*]/.test(lexeme)) return lexeme;
    return lexeme.replace(/[^\n]/g, " ");
  });
}
