import { Alert, Text } from '@mantine/core';
import type { OperationDetail } from '../../api/client';
import { date, reais } from '../../format/format';
import { Copyable } from '../../parts/copyable';

const SHOWN_PIX = 24;

/** Until when the client of a paid loan may give the money back, and by which charge. */
export function Withdrawal({ operation }: { readonly operation: OperationDetail }) {
  const { withdrawal: right, reversal: charge } = operation;
  if (right === null) return null;
  return (
    <Alert
      color={charge === null ? 'gray' : 'yellow'}
      variant="light"
      mt="md"
      title={titleOf(operation)}
      data-withdrawal
    >
      {charge === null ? (
        <Text size="sm">
          Pago em {date(right.paid_on)}. A QI imprime dois prazos e vale para o cliente o menor; pelo outro
          ela ainda pode aceitar até {date(right.latest)}.
        </Text>
      ) : (
        <>
          <Text size="sm">
            {reais(charge.amount)}
            {charge.expires_on !== null && `, até ${date(charge.expires_on)}`}. Pago por inteiro, a operação é
            cancelada sozinha.
          </Text>
          {charge.copy_paste_pix !== null && (
            <Text size="sm" component="div" mt={4}>
              PIX copia e cola:{' '}
              <Copyable
                text={charge.copy_paste_pix}
                shown={`${charge.copy_paste_pix.slice(0, SHOWN_PIX)}…`}
              />
            </Text>
          )}
        </>
      )}
    </Alert>
  );
}

const titleOf = ({ withdrawal, reversal }: OperationDetail): string =>
  reversal === null
    ? `O cliente pode desistir até ${date(withdrawal?.until ?? '')}`
    : 'Devolução cobrada: o cliente paga este PIX';
