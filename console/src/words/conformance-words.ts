import type { ConformanceFinding } from '../api/client';

type Question = ConformanceFinding['question'];

export const CONFORMANCE_QUESTION: Readonly<Record<Question, string>> = {
  request_signing: 'Como os nossos pedidos devem ir assinados?',
  webhook_signing: 'Como as notificações vêm assinadas, e conseguimos conferi-las?',
  acknowledgement: 'Que resposta encerra a entrega de uma notificação?',
  auction_webhook: 'A notificação de um leilão é como o manual a mostra?',
  deadline_zone: 'Em que fuso vêm os prazos de um leilão?',
  window: 'Quanto dura o leilão?',
  request_life: 'Quanto vive o pedido?',
  clocks: 'Quanto o relógio da QI difere do nosso?',
  first_proposal: 'Uma proposta nossa é aceita?',
  simulation: 'As contas da QI são as nossas?',
  repeated_control_key: 'O que acontece com uma proposta enviada de novo com a mesma chave?',
  second_proposal: 'O que acontece com uma segunda proposta, com outra chave?',
  margin_refusal: 'Reconhecemos a recusa de uma parcela acima da margem?',
  end_of_auction: 'Como vem o fim do leilão?',
};

/** Whole answers, and beginnings of answers that go on with QI's own words. */
const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/^none$/, 'sem assinatura'],
  [/^none accepted$/, 'nenhuma das nossas assinaturas foi aceita'],
  [/^jwt-v2$/, 'JWT, versão 2'],
  [/^encoded-body-v1$/, 'corpo codificado, versão 1'],
  [/^(.+), and we cannot verify it$/, '$1, e não conseguimos conferir'],
  [/^as printed$/, 'como no manual'],
  [/^utc$/, 'UTC'],
  [/^America\/Sao_Paulo$/, 'horário de São Paulo'],
  [/^limit_.+$/, 'nenhum fuso dá sentido ao prazo'],
  [/^(\d+) (s|h)$/, '$1 $2'],
  [/^(-\d+) s$/, '$1 s'],
  [/^together$/, 'juntos'],
  [/^accepted, HTTP \d+$/, 'aceita'],
  [/^not accepted: HTTP \d+(?:, [A-Z]+\d+)?, (.*)$/, 'não aceita: “$1”'],
  [/^not accepted: (.*)$/, 'não aceita: $1'],
  [/^equal to ours$/, 'iguais às nossas'],
  [/^equal to ours with (.*)$/, 'iguais às nossas com outra leitura: $1'],
  [/^different from ours$/, 'diferentes das nossas'],
  [/^QI sends no figures$/, 'a QI não manda contas'],
  [/^no payroll rule of ours covers today$/, 'o nosso calendário de folha não cobre hoje'],
  [/^idempotent$/, 'é reconhecida: conta uma vez'],
  [/^becomes a second proposal$/, 'vira uma segunda proposta'],
  [/^taken, and no key tells as what$/, 'é aceita, e nada diz como o quê'],
  [/^refused: HTTP \d+(?:, [A-Z]+\d+)?, (.*)$/, 'recusada: “$1”'],
  [/^refused: (.*)$/, 'recusada: $1'],
  [/^accepted beside the first$/, 'aceita ao lado da primeira'],
  [/^recognised$/, 'sim'],
  [/^not refused at all$/, 'não foi recusada'],
  [/^refused in other words$/, 'recusada com outras palavras'],
  [/^none came$/, 'não veio'],
  [/^(won|lost), in the word "(.+)"; as printed$/, 'com a palavra “$2”, como no manual'],
  [/^(won|lost), in the word "(.+)"; (.*)$/, 'com a palavra “$2”; campos diferentes do manual: $3'],
  [/^(wrapped|[+-]).*$/, 'com campos diferentes dos do manual'],
];

export function conformanceAnswer(answer: string): string {
  const found = ANSWERS.find(([pattern]) => pattern.test(answer));
  return found === undefined ? answer : answer.replace(found[0], found[1]);
}

/** What somebody should do where a finding comes with advice. */
export const CONFORMANCE_ADVICE: Readonly<Partial<Record<Question, string>>> = {
  webhook_signing:
    'Conferir a chave pública da QI e se um proxy muda o endereço; depois perguntar à QI o que ela assina.',
  auction_webhook: 'Há campos que não conseguimos ler: pedidos como este serão recusados.',
  deadline_zone: 'Leilões ficarão parados: perguntar à QI em que fuso ela escreve os prazos.',
  clocks: 'Os relógios diferem demais: conferir o NTP deste servidor e depois perguntar à QI.',
  simulation: 'Não dar lances antes de entender a diferença; o arquivo do programa pode estar errado.',
  repeated_control_key: 'Uma proposta repetida conta duas vezes: deixar a repetição desligada.',
  second_proposal: 'A QI guarda duas propostas nossas; só o nosso registro impede isso.',
  margin_refusal: 'A recusa por margem não é reconhecida, e nenhum lance menor a segue.',
};
