import type { Words } from './words';

/** Why the identity provider's answer let nobody in: `problem` in the address to which the service sends them back. */
export const SIGN_IN_PROBLEM: Words = {
  unknown_user:
    'Nenhum usuário daqui tem a conta com que você entrou no provedor. Peça acesso a um administrador.',
  refused: 'A entrada pelo provedor não foi concluída. Tente de novo.',
  unavailable: 'O provedor não responde. Tente de novo mais tarde ou entre com usuário e senha.',
};
