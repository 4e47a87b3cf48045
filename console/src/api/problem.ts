/** An answer of the API that is not the one asked for (RFC 9457), or no answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    /** The last part of the problem's type: short and stable. */
    readonly type: string,
    readonly title: string,
    readonly detail: string | undefined,
    /** What is wrong with which field, by its path. */
    readonly fields: Readonly<Record<string, string>>,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(title);
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
  const fields: Record<string, string> = {};
  for (const error of Array.isArray(errors) ? (errors as unknown[]) : []) {
    if (typeof error === 'object' && error !== null && 'path' in error && 'message' in error)
      fields[String(error.path)] = String(error.message);
  }
  const seconds = Number(retryAfter);
  return new ApiProblem(
    status,
    (text('type') ?? '').split(':').at(-1) ?? '',
    text('title') ?? 'O serviço respondeu com um erro',
    text('detail'),
    fields,
    retryAfter !== null && Number.isFinite(seconds) ? seconds : undefined,
  );
}

export function noConnection(): ApiProblem {
  return new ApiProblem(0, 'no_connection', 'Sem conexão com o serviço', undefined, {}, undefined);
}

/** A sentence for a person. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Algo deu errado nesta página.';
  const fields = Object.entries(error.fields).map(([path, message]) =>
    path === '' ? message : `${path}: ${message}`,
  );
  return [error.title, error.detail, ...fields].filter((part) => part !== undefined).join(' · ');
}
