import { winDifference } from './win-difference';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

it.each([
  [
    [{ won: 112, lost: 60 }],
    [{ won: 80, lost: 90 }],
    'No todo 65,12% (57,73% a 71,84%), antes 47,06% (39,70% a 54,54%): +18,06 pp (de +7,54 pp a +28,02 pp), diferem.',
  ],
  [[{ won: 1, lost: 1 }], [{ won: 1, lost: 2 }], expect.stringContaining('não se distinguem')],
  [[{ won: 0, lost: 0 }], [{ won: 1, lost: 2 }], 'Nenhum desfecho no período.'],
  [[{ won: 1, lost: 1 }], [], expect.stringContaining('antes, nenhum desfecho')],
])('%j after %j', (now, before, said) => {
  expect(plain(winDifference(now, before))).toEqual(said);
});
