/** Parts of AuthenticationPolicy that several of its methods have: where a request shows something, and which headers are set. */
import { Type, type TOptional, type TString } from "typebox";
import { validations } from "./field-types.ts";

const token = "[A-Za-z0-9!#$%&'*+.^_`|~-]";
const maxNameLength = 256;

/** What messages are framed by, or what credentials stand in themselves: no policy writes these. */
const notToBeSet =
  "'host', 'connection', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'keep-alive', 'proxy-connection', 'expect', 'authorization', 'cookie'";

/** `isSet`: a policy writes it, else it is read alone. */
export function headerName(description: string, { isSet = false } = {}): TString {
  return Type.String({
    description,
    minLength: 1,
    maxLength: maxNameLength,
    pattern: `^${token}+$`,
    ...(isSet &&
      validations({
        rule: `!(self.lowerAscii() in [${notToBeSet}])`,
        message:
          "this header frames the message or holds credentials: no policy may set it; choose a name of your own, such as x-user",
      })),
  });
}

/** In the manner of the Gateway API (GEP-2257). */
export function durationText(description: string): TOptional<TString> {
  return Type.Optional(Type.String({ description, maxLength: 24, pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }));
}

export const secretRef = Type.Object(
  {
    name: Type.String({
      description: "The name of the Secret, in the policy's namespace.",
      minLength: 1,
      maxLength: 253,
    }),
  },
  { description: "A Secret." },
);

const header = Type.Object(
  {
    name: headerName("The header's name; case does not count."),
    prefix: Type.Optional(
      Type.String({
        description:
          'What stands before it, such as "Bearer "; case does not count. A value that begins otherwise is none of it. Default: nothing.',
        maxLength: 64,
      }),
    ),
  },
  { description: "A header." },
);

const names = (description: string, pattern: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: maxNameLength, pattern }), {
      description,
      minItems: 1,
      maxItems: 8,
      "x-kubernetes-list-type": "atomic",
    }),
  );

export function credentialPlaces(description: string) {
  return Type.Optional(
    Type.Object(
      {
        headers: Type.Optional(
          Type.Array(header, {
            description: "Headers.",
            minItems: 1,
            maxItems: 8,
            "x-kubernetes-list-type": "atomic",
          }),
        ),
        queryParameters: names(
          "Parameters of the query, by their exact names. What stands in a URL ends in logs and histories.",
          "^[A-Za-z0-9._~-]+$",
        ),
        cookies: names("Cookies, by their exact names.", `^${token}+$`),
      },
      { description, minProperties: 1 },
    ),
  );
}
