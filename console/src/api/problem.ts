import { FIELD_PROBLEM, PROBLEM, wordOf } from '../words/words';

interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An answer of the API that is not the one asked for (RFC 9457), or no answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    /** The last part of the problem's type: short and stable. */
    readonly type: string,
    readonly title: string,
    readonly detail: string | undefined,
    /** Everything that is wrong, each with the path of its field. */
    readonly errors: readonly FieldError[],
    readonly retryAfterSeconds: number | undefined,
    /** What else the problem says. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(title);
  }

  /** What is wrong with which field, by its path. */
  get fields(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.errors.map(({ path, message }) => [path, message]));
  }

  /** Whether what was asked for may have been done all the same: nothing of ours came back, or its end was not known to us. */
  get isUnanswered(): boolean {
    return this.status === 0 || this.status === 500 || (this.status > 500 && this.type === '');
  }

  /** Whether trying again may help: the network or the service was down, not the request wrong. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export function problemOf(status: number, body: unknown, retryAfter: string | null): ApiProblem {
  const member = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  const text = (name: string): string | undefined => {
    const value = member(name);
    return typeof value === 'string' ? value : undefined;
  };
  const errors = member('errors');
  const named = (Array.isArray(errors) ? (errors as unknown[]) : []).flatMap((error): readonly FieldError[] =>
    typeof error === 'object' && error !== null && 'path' in error && 'message' in error
      ? [{ path: String(error.path), message: wordOf(FIELD_PROBLEM, String(error.message)) }]
      : [],
  );
  const seconds = Number(retryAfter);
  return new ApiProblem(
    status,
    (text('type') ?? '').split(':').at(-1) ?? '',
    text('title') ?? 'O serviço respondeu com um erro',
    text('detail'),
    named,
    retryAfter !== null && Number.isFinite(seconds) ? seconds : undefined,
    typeof body === 'object' && body !== null ? { ...body } : {},
  );
}

export function noConnection(): ApiProblem {
  return new ApiProblem(0, 'no_connection', 'Sem conexão com o serviço', undefined, [], undefined);
}

/** The same of a change: whoever reads it must not take it for a refusal. */
export function perhapsDone(problem: ApiProblem): ApiProblem {
  const { status, type, title, errors, retryAfterSeconds, more } = problem;
  const detail = 'O pedido pode ter sido feito: confira antes de repetir.';
  return new ApiProblem(status, type, title, detail, errors, retryAfterSeconds, more);
}

/** A sentence for a person. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Algo deu errado nesta página.';
  const fields = error.errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [wordOf(PROBLEM, error.title), error.detail, ...fields]
    .filter((part) => part !== undefined)
    .join(' · ');
}
