import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from './environment';

/** A Node process of ours that must not outlive us. */
export class Child {
  /** Resolves with the exit code; one that a signal ended has 128. */
  readonly exited: Promise<number>;
  private readonly process: ChildProcess;
  private running = true;

  /** @param output the file descriptor that its standard output and error go to; 'inherit' is the terminal */
  constructor(
    script: string,
    options: { readonly cwd: string; readonly env: Environment; readonly output: number | 'inherit' },
  ) {
    // A process group of its own: Ctrl-C reaches the launcher alone, which stops the others in order.
    this.process = spawn(process.execPath, ['--require', join(__dirname, 'child-guard.js'), script], {
      cwd: options.cwd,
      env: options.env,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', options.output, options.output, 'ipc'],
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number): void => {
        this.running = false;
        resolve(code);
      };
      this.process.once('error', () => {
        end(127);
      });
      this.process.once('exit', (code, signal) => {
        end(code ?? (signal === null ? 1 : 128));
      });
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get isRunning(): boolean {
    return this.running;
  }

  /** Asks it to end, and ends it where it has not within the time. */
  async stop(timeoutMs: number): Promise<void> {
    if (!this.running) return;
    this.process.kill('SIGTERM');
    const deadline = setTimeout(() => {
      this.kill();
    }, timeoutMs);
    await this.exited;
    clearTimeout(deadline);
  }

  kill(): void {
    if (this.running) this.process.kill('SIGKILL');
  }
}
