/** npm run chaos -- NAME ARGS: one of the disasters in test/chaos. Without a name: which there are. */
import { runProgram } from './programs.mjs';

await runProgram('chaos');
