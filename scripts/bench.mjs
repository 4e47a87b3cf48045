/** npm run bench -- NAME ARGS: one of the measurements in test/bench. Without a name: which there are. */
import { runProgram } from './programs.mjs';

await runProgram('bench');
