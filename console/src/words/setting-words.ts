import type { Words } from '../../../src/words';

/** What a setting of the service is for; its name stands beside it. */
export const SETTING: Words = {
  PORT: 'Porta do serviço',
  HOST: 'Endereço em que escuta',
  ARREMATE_ROLE: 'Papel deste processo',
  ARREMATE_DRY_RUN: 'Ensaio: decide e nada envia',
  ARREMATE_LOG_LEVEL: 'Detalhe do log',
  ARREMATE_TRUSTED_PROXIES: 'Proxies em que se confia',
  ARREMATE_MANAGEMENT_PORT: 'Porta de gestão',
  ARREMATE_AUDIT_ANCHOR_FILE: 'Arquivo das âncoras da auditoria',
  PURCHASER_DOCUMENT_NUMBER: 'CNPJ do comprador',
  QI_BASE_URL: 'Endereço da QI',
  QI_SIGNING: 'Como os pedidos à QI são assinados',
  QI_WEBHOOK_AUTH: 'Como as notificações da QI são conferidas',
  QI_DEADLINE_ZONE: 'Fuso em que a QI escreve o encerramento',
  QI_TIMEOUT_MS: 'Espera por resposta da QI, em milissegundos',
  QI_REPEAT_UNKNOWN: 'Repetir um lance sem resposta',
  DATABASE_URL: 'Banco de dados',
  DATABASE_OWNER_URL: 'Banco de dados, como dono',
  ARREMATE_ENCRYPTION_KEY: 'Chave de cifra',
  ARREMATE_API_TOKEN: 'Token do ambiente',
  ARREMATE_MANAGEMENT_TOKEN: 'Token de gestão',
  ARREMATE_AUDIT_ANCHOR_URL: 'Endereço das âncoras da auditoria',
  QI_API_CLIENT_KEY: 'Chave de cliente na QI',
  QI_PRIVATE_KEY_FILE: 'Chave privada para a QI',
  QI_PUBLIC_KEY_FILE: 'Chave pública da QI',
};
