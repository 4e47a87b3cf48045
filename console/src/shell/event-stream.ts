import { authenticate } from '../session/session';

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Splits the text of an event stream, which comes in pieces cut anywhere, into its events. */
export class EventStreamReader {
  #rest = '';

  *read(piece: string): Generator<ServerEvent> {
    this.#rest += piece;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let event = 'message';
      const data: string[] = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) event = line.slice(7);
        else if (line.startsWith('data: ')) data.push(line.slice(6));
      }
      if (data.length > 0) yield { event, data: data.join('\n') };
    }
  }
}

/** The service says something every 3 s. What is silent for so long stands still, whatever its connection looks like. */
const LONGEST_SILENCE_MS = 12_000;

/**
 * Reads server-sent events until the stream ends. Not the browser's EventSource: that one can carry no token.
 * @throws when there is no connection, the service refuses, or nothing is heard of it any more
 */
export async function readEvents(
  path: string,
  signal: AbortSignal,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const silent = new AbortController();
  const giveUp = (): void => {
    silent.abort();
  };
  let silence = setTimeout(giveUp, LONGEST_SILENCE_MS);
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(giveUp, LONGEST_SILENCE_MS);
  };
  try {
    await readPieces(path, AbortSignal.any([signal, silent.signal]), heard, onEvent);
  } finally {
    clearTimeout(silence);
  }
}

async function readPieces(
  path: string,
  signal: AbortSignal,
  onPiece: () => void,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const headers = new Headers({ accept: 'text/event-stream' });
  authenticate(headers, 'GET');
  const response = await fetch(path, { headers, signal });
  if (!response.ok || response.body === null)
    throw new Error(`the stream answered ${String(response.status)}`);
  const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const reader = new EventStreamReader();
  for (let piece = await text.read(); !piece.done; piece = await text.read()) {
    onPiece();
    for (const event of reader.read(piece.value)) onEvent(event);
  }
}
