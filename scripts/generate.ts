/** `npm run generate`: writes every generated file of the repository anew. */
import { generators } from "./generators.ts";
import { repositoryRoot } from "./run-command.ts";

for (const generator of generators) {
  const { exitCode, output } = await generator.generate(repositoryRoot);
  console.log(`${exitCode === 0 ? "wrote" : "FAILED"}  ${generator.name}: ${generator.outputs.join(", ")}`);
  if (exitCode !== 0) {
    console.log(output);
    process.exitCode = 1;
  }
}
