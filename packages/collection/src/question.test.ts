import { expect, test } from "vitest";
import { Asker, Questions } from "./question.ts";

const nobody = { markStale: () => {} };

test("a question that nobody asks any more is forgotten", () => {
  const questions = new Questions();
  const [one, two] = [new Asker(nobody, "one"), new Asker(nobody, "two")];
  for (const asker of [one, two]) {
    asker.begin();
    asker.ask(questions.about("a"));
    asker.ask(questions.about("b"));
    asker.end();
  }
  expect(questions.size).toBe(2);
  one.begin();
  one.ask(questions.about("b"));
  one.end();
  two.close();
  expect(questions.size).toBe(1);
  one.close();
  expect(questions.size).toBe(0);
});

test("an asker hears of an answer once per change, however often it asked", () => {
  const questions = new Questions();
  let stale = 0;
  const asker = new Asker({ markStale: () => stale++ }, "one");
  for (let run = 0; run < 3; run++) {
    asker.begin();
    asker.ask(questions.about("a"));
    asker.ask(questions.about("a"));
    asker.end();
  }
  questions.answerChanged("a");
  questions.answerChanged("b");
  expect(stale).toBe(1);
});

test("asking one thing twice does not keep alive another that is asked no more", () => {
  const questions = new Questions();
  const asker = new Asker(nobody, "one");
  for (const asked of [
    ["a", "b"],
    ["a", "a"],
  ]) {
    asker.begin();
    for (const text of asked) asker.ask(questions.about(text));
    asker.end();
  }
  expect(questions.size).toBe(1);
});

test("an asker that asks something else instead is no longer heard of by what it asked before", () => {
  const questions = new Questions();
  let stale = 0;
  const asker = new Asker({ markStale: () => stale++ }, "one");
  const runs: readonly (readonly string[])[] = [["a"], ["b"], ["b", "c"], ["c"], [], ["a", "b"], ["b"]];
  for (const asked of runs) {
    asker.begin();
    for (const text of asked) asker.ask(questions.about(text));
    asker.end();
    expect(questions.size).toBe(asked.length);
    stale = 0;
    for (const text of ["a", "b", "c"]) questions.answerChanged(text);
    expect(stale).toBe(asked.length);
  }
  asker.close();
  expect(questions.size).toBe(0);
});
