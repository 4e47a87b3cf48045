import type { JsonObject } from '../src/kernel';
import type { Answer, CallContext } from './answer';
import type { Behaviour } from './behaviour';
import type { QiSandbox } from './sandbox';

export interface RoutedCall {
  readonly body: JsonObject;
  readonly query: URLSearchParams;
  /** Of an upload. */
  readonly file: Buffer | undefined;
  readonly context: CallContext;
}

export type Contract = Behaviour['contract'];

export interface Route {
  readonly operation: string;
  readonly method: string;
  /** `:key` stands for a parameter; the first one is the key that scripted faults go by. Some are settings. */
  readonly path: string | ((contract: Contract) => string);
  readonly answer: (sandbox: QiSandbox, parameters: readonly string[], call: RoutedCall) => Answer;
}
