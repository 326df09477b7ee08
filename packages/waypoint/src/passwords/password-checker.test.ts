/** Passwords: who is asked about, in which turn, what is remembered; and bcrypt itself, on its thread. */
import { hashSync } from "bcryptjs";
import { expect, test } from "vitest";
import { PasswordChecker, type PasswordOutcome, type PasswordThread } from "./password-checker.ts";
import { openPasswordThread } from "./open-password-thread.ts";

const bcryptText = (salt: string): string => `$2b$04$${salt.padEnd(53, ".")}`;

/** A thread that answers when it is told to. */
function standIn() {
  const asked: { password: string; tell: (outcome: PasswordOutcome) => void }[] = [];
  const thread: PasswordThread = {
    compare: (password, _, tell) => void asked.push({ password, tell }),
    close: async () => {},
  };
  return { asked, thread };
}

const limits = { waiting: 6, waitingOfSource: 2, joined: 3, remembered: 2 };

function open() {
  const { asked, thread } = standIn();
  const checker = new PasswordChecker({ openThread: () => thread, limits });
  const told: string[] = [];
  const ask = (source: string, password: string, salt = "s"): void =>
    checker.check(
      { user: "bob", password, hash: { scheme: "bcrypt", text: bcryptText(salt) }, source },
      (outcome) => void told.push(`${source} ${password} ${outcome}`),
    );
  const answer = (outcome: PasswordOutcome): string => {
    const { password, tell } = asked.shift()!;
    tell(outcome);
    return password;
  };
  return { checker, asked, told, ask, answer };
}

test("sources take turns: who asks a lot waits for himself, and another comes next", async () => {
  const { told, ask, answer, asked } = open();
  for (const guess of ["a1", "a2", "a3", "a4"]) ask("attacker", guess);
  ask("visitor", "v1");
  // One is being worked on, two wait, the fourth is too many.
  await Promise.resolve();
  expect(told).toEqual(["attacker a4 overloaded"]);
  expect(asked.length).toBe(1);
  expect([answer("wrong"), answer("wrong"), answer("right"), answer("wrong")]).toEqual([
    "a1",
    "a2",
    "v1",
    "a3",
  ]);
  expect(told.slice(1)).toEqual([
    "attacker a1 wrong",
    "attacker a2 wrong",
    "visitor v1 right",
    "attacker a3 wrong",
  ]);
});

test("requests of one source that show the same wait for one answer, up to a limit", async () => {
  const { told, ask, answer, asked } = open();
  for (let count = 0; count < 4; count++) ask("visitor", "v1");
  await Promise.resolve();
  expect(told).toEqual(["visitor v1 overloaded"]);
  answer("right");
  expect(told.length).toBe(4);
  expect(asked).toEqual([]);
});

test("all sources together are bounded", async () => {
  const { told, ask } = open();
  for (let source = 0; source < 8; source++) ask(`s${source}`, "x");
  await Promise.resolve();
  expect(told).toEqual(["s7 x overloaded"]);
});

test("what was right is known at once, for its user and hash alone; what was wrong is not; the oldest is forgotten", () => {
  const { checker, ask, answer } = open();
  const known = (password: string, salt = "s", user = "bob"): boolean | undefined =>
    checker.known({ user, password, hash: { scheme: "bcrypt", text: bcryptText(salt) } });
  ask("visitor", "good");
  answer("right");
  ask("visitor", "bad");
  answer("wrong");
  expect([known("good"), known("bad"), known("good", "t"), known("good", "s", "eve")]).toEqual([
    true,
    undefined,
    undefined,
    undefined,
  ]);
  for (const password of ["p1", "p2"]) {
    ask("visitor", password);
    answer("right");
  }
  expect([known("good"), known("p1"), known("p2")]).toEqual([undefined, true, true]);
});

test("{SHA} is compared at once", () => {
  const { checker } = open();
  const hash = { scheme: "sha1", text: "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=" } as const;
  expect(checker.known({ user: "bob", password: "password", hash })).toBe(true);
  expect(checker.known({ user: "bob", password: "Password", hash })).toBe(false);
});

// Made by htpasswd -B and by OpenBSD's and PHP's bcrypt: the versions differ in name alone.
test.for([["$2b$", "$2b$04$XPcwjYbYwoiYc.VAMuHKCOPRnOdHiyFfe2S4HZl/XPYLmQJ73XnEO"]] as const)(
  "bcrypt %s tells right from wrong, on a thread of its own",
  async ([, text]) => {
    const thread = openPasswordThread();
    const compare = async (password: string): Promise<PasswordOutcome> =>
      await new Promise((resolve) => thread.compare(password, text, resolve));
    for (const prefix of ["$2a$", "$2b$", "$2y$"]) {
      const same = text.replace("$2b$", prefix);
      const outcome = await new Promise((resolve) => thread.compare("correct horse", same, resolve));
      expect(outcome).toBe("right");
    }
    expect(await compare("correct horsf")).toBe("wrong");
    await thread.close();
  },
);

test("bcrypt goes by the first 72 bytes of a password, and by nothing after them (docs/api-keys.md)", async () => {
  const thread = openPasswordThread();
  // 72 bytes in 36 letters.
  const whole = "\u00e9".repeat(36);
  const text = hashSync(whole, 4);
  const compare = async (password: string): Promise<PasswordOutcome> =>
    await new Promise((resolve) => thread.compare(password, text, resolve));
  expect(await compare(whole)).toBe("right");
  expect(await compare(`${whole} and whatever is beyond`)).toBe("right");
  expect(await compare(`${whole.slice(0, -1)}x`)).toBe("wrong");
  await thread.close();
});
