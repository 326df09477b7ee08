#!/usr/local/bin/node --disable-warning=ExperimentalWarning
// `waystone` in the image, which has no shell: what packages/cli/bin/waystone does there, in the same words (a test compares).
// The process is replaced, so that neither this program nor its memory stays: V8 takes the size of its young generation
// only at the start. CommonJS, because a file without an extension is that.
const young = { waypoint: 2, controller: 4 }[process.argv[2]] ?? 16;
const args = [
  "--disable-warning=ExperimentalWarning",
  `--max-semi-space-size=${young}`,
  "/app/packages/cli/src/main.js",
  ...process.argv.slice(2),
];
process.execve(process.execPath, [process.execPath, ...args], process.env);
