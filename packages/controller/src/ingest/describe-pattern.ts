/** The regular expressions of the schemas, in words: nobody should have to read one to mend a manifest. */

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const domain = `${label}(\\.${label})*`;
const labelWords = 'lower-case letters, digits and "-", beginning and ending with a letter or digit';
const domainWords = 'lower-case letters, digits, "-" and ".", as in a DNS name';

const words = new Map<string, string>([
  [`^${label}$`, labelWords],
  [`^(${label})?$`, labelWords],
  [`^${domain}$`, domainWords],
  [`^$|^${domain}$`, `${domainWords}; "" is the core group`],
  [`^(\\*\\.)?${domain}$`, 'a DNS name without port, such as "shop.example" or "*.shop.example"'],
  ["^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", "the name of a kind, such as Service"],
  [
    "^[A-Za-z0-9_.-]*[.]json$",
    'the name of an entry that ends in ".json", as no other is read of a ConfigMap',
  ],
  ["^([0-9]{1,5}(h|m|s|ms)){1,4}$", 'a duration such as "500ms", "10s" or "1m30s"'],
  [
    "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$",
    "the name of an HTTP header or parameter: letters, digits and !#$%&'*+-.^_`|~",
  ],
  ["^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$", 'a path; other characters are written as "%20"'],
  ["^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", 'at most 63 letters, digits, "-", "_" and "."'],
  [
    "(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)",
    'an origin such as "https://shop.example" or "*", without a path',
  ],
]);

export function describePattern(source: string): string {
  return words.get(source) ?? words.get(source.replaceAll("\\/", "/")) ?? `a text that matches ${source}`;
}
