/**
 * An upper bound of how large an expression's program becomes, from its text alone, in one pass: so that a hostile
 * "((...){100}){10}" is refused before any compiler spends time and memory on it.
 */

interface Group {
  size: number;
  last: number;
}

/** About one unit per instruction. Never far below the truth for an expression that RE2 accepts. */
export function estimateRegexSize(source: string): number {
  const open: Group[] = [];
  let group: Group = { size: 0, last: 0 };
  for (let i = 0; i < source.length; ) {
    const char = source[i]!;
    const repeat = char === "{" ? repeatAt(source, i) : undefined;
    if (repeat !== undefined) {
      group.size += group.last * Math.max(0, repeat.count - 1);
      group.last *= repeat.count;
      i += repeat.length;
    } else if (char === "(") {
      open.push(group);
      group = { size: 0, last: 0 };
      i++;
    } else if (char === ")") {
      const inner = group.size + 2;
      group = open.pop() ?? { size: 0, last: 0 };
      group.size += inner;
      group.last = inner;
      i++;
    } else if (char === "*" || char === "+" || char === "?" || char === "|") {
      group.size++;
      group.last++;
      i++;
    } else {
      group.size++;
      group.last = 1;
      i += atomLength(source, i);
    }
  }
  return open.reduce((sum, outer) => sum + outer.size, group.size);
}

function repeatAt(source: string, at: number): { count: number; length: number } | undefined {
  const end = source.indexOf("}", at);
  if (end < 0) return undefined;
  const numbers = /^(\d{1,4})(?:(,)(\d{0,4}))?$/.exec(source.slice(at + 1, end));
  if (numbers === null) return undefined;
  const least = Number(numbers[1]);
  const most =
    numbers[3] === undefined || numbers[3] === "" ? least + (numbers[2] === "," ? 1 : 0) : Number(numbers[3]);
  // Each optional repetition of "{n,m}" costs a choice of its own.
  return { count: Math.max(1, least === most ? most : least + 2 * (most - least)), length: end + 1 - at };
}

/** One escape, one class or one character. */
function atomLength(source: string, at: number): number {
  if (source[at] === "\\") return 2;
  if (source[at] !== "[") return 1;
  let i = at + 1;
  if (source[i] === "^") i++;
  if (source[i] === "]") i++;
  while (i < source.length && source[i] !== "]") i += source[i] === "\\" ? 2 : 1;
  return i + 1 - at;
}
