import type { Role, SetupStep } from '../api/client';

type StepName = SetupStep['name'];
type Gap = SetupStep['gaps'][number];

/** What each role is there for, for whoever hands them out. */
export const ROLE_EXPLAINED: Readonly<Record<Role, string>> = {
  viewer: 'Acompanha leilões, operações e política. Não muda nada.',
  analyst: 'Explica decisões, exporta, testa e comenta políticas. Vê dados pessoais dizendo por quê.',
  policy_value_author:
    'Muda taxas, limites e listas de um rascunho, mas não as regras. Pede mudanças do filtro da QI, e exporta.',
  policy_author:
    'Escreve a política inteira: regras, tabelas, limites e listas. Pede mudanças do filtro da QI, e exporta.',
  policy_approver:
    'Confere, aprova e ativa a política que outra pessoa escreveu, e envia o filtro da QI. Exporta, e pode parar os lances.',
  operator:
    'Trabalha a fila e as propostas: autoriza, reenvia desembolsos, pede cancelamentos. Vê dados pessoais dizendo por quê, faz a conferência com a QI, e pode parar os lances.',
  operations_approver:
    'É a segunda pessoa: decide cancelamentos e a volta dos lances, libera propostas e envia o filtro da QI. Vê dados pessoais dizendo por quê, exporta, e pode parar os lances.',
  auditor:
    'Lê a trilha de auditoria e exporta. Se a trilha está inteira, confere no servidor quem tem a chave: npm run audit -- verify.',
  admin:
    'Cria contas e tokens, conecta a QI, cuida dos destinos de notificações e do servidor de e-mail, devolve tarefas de quem está ausente, e pode parar os lances. Não vê dados pessoais nem muda políticas, operações e propostas.',
};

export const SETUP_STEP: Readonly<Record<StepName, { readonly title: string; readonly why: string }>> = {
  people: {
    title: 'Pessoas e papéis',
    why: 'O que é perigoso exige duas pessoas: quem escreve a política não a aprova, quem pede um cancelamento não o decide.',
  },
  keys: {
    title: 'Chaves',
    why: 'Cada pedido à QI vai assinado com a nossa chave, e cada notificação dela é conferida com a chave pública dela. Quem instala o serviço gera o par, manda a chave pública à QI e guarda a privada.',
  },
  conformance: {
    title: 'Conferência com a QI',
    why: 'Os manuais deixam perguntas em aberto. A conferência as faz à própria QI, com um leilão fictício no ambiente de homologação, e diz o que achou.',
  },
  policy: {
    title: 'Primeira política',
    why: 'A versão 1 é um ponto de partida que ninguém aprovou. A primeira de vocês é escrita por uma pessoa, medida, e ativada por outra.',
  },
  caps: {
    title: 'Limites de exposição',
    why: 'Quanto pode estar em risco por trabalhador, por empregador, por dia e no total. Fazem parte da política.',
  },
  dry_run: {
    title: 'Ensaio',
    why: 'No ensaio o serviço recebe, decide e registra cada lance, e não envia nenhum. Vale olhar alguns dias antes do primeiro lance de verdade.',
  },
  filters: {
    title: 'Filtro da QI',
    why: 'Diz à QI quais pedidos nos interessam. Uma pessoa pede, outra envia. No ensaio nada é enviado, nem o filtro: antes de desligá-lo, pare os lances.',
  },
  live: {
    title: 'Valendo',
    why: 'Com os lances parados e o ensaio desligado, a volta dos lances é pedida por uma pessoa e aprovada por outra.',
  },
};

export const SETUP_GAP: Readonly<Record<Gap, string>> = {
  policy_pair: 'Faltam duas pessoas para a política: um autor e um aprovador que não seja a mesma pessoa.',
  operations_pair:
    'Faltam duas pessoas para as operações: um operador e um aprovador que não seja a mesma pessoa.',
  our_key: 'Os nossos pedidos não vão assinados: falta a chave privada.',
  their_key: 'As notificações da QI não são conferidas: falta a chave pública dela.',
  conformance_missing: 'A conferência ainda não foi feita.',
  conformance_running: 'A conferência está em andamento.',
  conformance_stopped: 'A última conferência parou antes do fim.',
  conformance_without_auction: 'Só as assinaturas foram conferidas; falta o leilão fictício.',
  settings_differ: 'Há ajustes do serviço que não são os que a conferência achou:',
  policy_of_the_start: 'A política ativa é a de partida, que ninguém aprovou.',
  caps_open: 'Há limites em aberto na política ativa:',
  filter_not_sent: 'Nenhum filtro foi enviado à QI.',
  nothing_held_back: 'Nenhum lance foi decidido em ensaio.',
  dry_run_is_on: 'O ensaio está ligado.',
  bidding_is_stopped: 'Os lances estão parados.',
  not_released_by_two: 'A volta dos lances ainda não foi pedida por uma pessoa e aprovada por outra.',
};
