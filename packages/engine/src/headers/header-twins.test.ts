import { expect, test } from "vitest";
import { findTwins } from "./header-twins.ts";

test("what differs in hyphens and underscores alone is the same to CGI, whichever of them a policy says", () => {
  const present = ["x-user", "x_user", "x_userid", "xuser", "x_user_id", "x-user_id"];
  expect(findTwins(["x-user"], present)).toEqual(["x_user"]);
  expect(findTwins(["x_user"], present)).toEqual(["x-user"]);
  expect(findTwins(["x-user-id"], present)).toEqual(["x_user_id", "x-user_id"]);
  expect(findTwins([], present)).toEqual([]);
});
