import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** Describes the end of a program. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program of test/programs. */
export interface Program<Ready = unknown> {
  readonly pid: number;
  /** The line in which the program said that it is ready. */
  readonly ready: Ready;
  readonly exited: Promise<Exit>;
  readonly child: ChildProcess;
}

/** Configures the start of a program. */
export interface Start {
  readonly env?: Readonly<Record<string, string | number>>;
  readonly args?: readonly string[];
}

/** The AWS SDK tells every process which Node.js versions it will leave behind. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Starts programs and ends those that are left, whatever has become of the test that started them. */
export class Programs {
  private readonly running = new Set<Program>();

  /** Starts a program from build/test/programs and waits for its first message. */
  async start<Ready>(name: string, { env = {}, args = [] }: Start = {}): Promise<Program<Ready>> {
    const texts = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)]));
    const module = resolve('build/test/programs', `${name}.js`);
    const child = fork(module, args, {
      env: { ...process.env, ...QUIET, ...texts },
      execArgv: ['--enable-source-maps'],
    });
    const exited = (once(child, 'exit') as Promise<[Exit['code'], Exit['signal']]>).then(([code, signal]) => ({
      code,
      signal,
    }));
    const message = once(child, 'message').then(([said]) => said as Ready);
    const program = { pid: child.pid!, exited, child, ready: undefined as Ready };
    this.running.add(program);
    void exited.then(() => this.running.delete(program));
    const early = exited.then(({ code, signal }) => {
      throw new Error(`${name} ended with ${signal ?? code} before it was ready; is "npm run build" up to date?`);
    });
    return Object.assign(program, { ready: await Promise.race([message, early]) });
  }

  /** Ends everything that is still running, at once, the latest first. */
  async endAll(): Promise<void> {
    for (const { child, exited } of [...this.running].reverse()) {
      child.kill('SIGKILL');
      await exited;
    }
  }
}
