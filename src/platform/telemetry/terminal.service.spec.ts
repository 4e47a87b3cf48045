import { systemClock } from '../../kernel';
import type { Settings } from '../settings';
import { LogOutput } from './log-output';
import { Terminal } from './terminal.service';

const settings = (language: 'en' | 'pt-BR') =>
  ({ ARREMATE_LOG_FILE: '/log', ARREMATE_TERMINAL_LANGUAGE: language }) as Settings;

describe('a line on the terminal', () => {
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    jest.spyOn(LogOutput.prototype, 'write').mockImplementation((text) => void written.push(text));
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['en', 'auction    5f1d7a52  won        rank 1\n'],
    ['pt-BR', 'leilão     5f1d7a52  ganho      1º lugar\n'],
  ] as const)('is %s where the setting says so', (language, expected) => {
    new Terminal(settings(language), systemClock).line('auction', '5f1d7a52-0000', 'won', {
      en: 'rank 1',
      pt: '1º lugar',
    });
    expect(written.map((line) => line.replace(/^[\d:]+ {2}/, ''))).toEqual([expected]);
  });
});
