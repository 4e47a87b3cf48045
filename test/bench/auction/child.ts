import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';

/** A process of the benchmark's own that answers over IPC; it ends with this one. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
  ) {}

  static fork(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
    const child = fork(script, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    return new Child(child, basename(script));
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`${this.name} has not started`);
    return this.process.pid;
  }

  /** The next thing it says. @throws Error when it has ended, or ends before it has said anything */
  said<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        const { exitCode, signalCode } = this.process;
        reject(new Error(`${this.name} has ended: ${String(signalCode ?? exitCode)}`));
      };
      if (this.#hasEnded()) {
        ended();
        return;
      }
      this.process.once('exit', ended);
      this.process.once('message', (message) => {
        this.process.off('exit', ended);
        resolve(message as Message);
      });
    });
  }

  ask<Message>(question: string): Promise<Message> {
    const answer = this.said<Message>();
    if (!this.#hasEnded()) this.process.send(question);
    return answer;
  }

  async kill(): Promise<void> {
    if (this.#hasEnded()) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }

  #hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
}
