import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark's own that answers over IPC; it ends with this one. */
export class Child {
  private constructor(private readonly process: ChildProcess) {}

  static fork(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
    return new Child(fork(script, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('the process has not started');
    return this.process.pid;
  }

  /** The next thing it says. @throws Error when it ends before it has said anything */
  said<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => {
        reject(new Error(`${this.process.spawnfile} ended with ${String(code)}`));
      };
      this.process.once('exit', ended);
      this.process.once('message', (message) => {
        this.process.off('exit', ended);
        resolve(message as Message);
      });
    });
  }

  ask<Message>(question: string): Promise<Message> {
    const answer = this.said<Message>();
    this.process.send(question);
    return answer;
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}
