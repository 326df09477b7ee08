import { expect, test } from "vitest";
import { Asker, Questions } from "./question.ts";

test("a question that nobody asks any more is forgotten", () => {
  const questions = new Questions();
  const [one, two] = [new Asker(() => {}), new Asker(() => {})];
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
  const asker = new Asker(() => stale++);
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
  const asker = new Asker(() => {});
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
