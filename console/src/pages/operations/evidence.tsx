import { Paper, Stack, Text, Title } from '@mantine/core';
import type { OperationDetail } from '../../api/client';
import { dateTime, decimal } from '../../format/format';
import { Facts } from '../../parts/facts';
import { factInWords, wordOf } from '../../words/words';

type OperationEvent = OperationDetail['events'][number];

/** What the signature was proven with, as the latest one says: scores and flags, nobody's pictures or numbers. */
export function Evidence({ operation: { events } }: { readonly operation: OperationDetail }) {
  const signed = events.findLast(
    ({ kind, summary }) => kind === 'signed' && Array.isArray(summary['signers']),
  );
  if (signed === undefined) return null;
  const signers = signed.summary['signers'] as readonly Readonly<Record<string, unknown>>[];
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Prova da assinatura
      </Title>
      <Stack gap="sm">
        {signers.map((signer, at) => (
          <Facts
            key={at}
            items={[
              ['Assinado', typeof signer['signed_at'] === 'string' ? shownTime(signer['signed_at']) : '–'],
              ['Score facial', score(signer['face_validation_score'])],
              ['Documento e face', score(signer['document_face_match_score'])],
              ['Prova de vida', wordOf(LIVENESS, text(signer['liveness_result']))],
              ['Base de fraudes', yesNo(signer['fraud_base_flag'], 'consta', 'não consta')],
              ['CCB', yesNo(signed.summary['has_signed_contract'], 'assinada', 'não informada')],
            ]}
          />
        ))}
        {signers.length === 0 && (
          <Text size="sm" c="dimmed">
            A QI não informou quem assinou.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

const LIVENESS: Readonly<Record<string, string>> = { live: 'aprovada', spoof: 'reprovada' };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const score = (value: unknown): string => (typeof value === 'string' ? decimal(value, 0) : 'não informada');
const yesNo = (value: unknown, yes: string, no: string): string =>
  value === true ? yes : value === false ? no : 'não informada';
/** As QI printed it where it is no instant. */
const shownTime = (printed: string): string =>
  Number.isNaN(Date.parse(printed)) ? printed : dateTime(printed);

/** What an event said in plain words; keys and the like are for machines. */
export function plainFacts(summary: OperationEvent['summary']): readonly string[] {
  return Object.entries(summary).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? (factInWords(name, String(value)) ?? []) : [],
  );
}
