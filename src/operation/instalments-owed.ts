/**
 * For a statement on `operation`, by the name it has there: the instalments that QI printed with the payment last, as JSON; NULL where
 * it printed none.
 */
export const printedInstalments = (loan: string): string =>
  `(SELECT payment.summary -> 'installments' FROM operation_event AS payment
    WHERE payment.credit_operation_key = ${loan}.credit_operation_key AND payment.kind = 'disbursed'
      AND jsonb_array_length(payment.summary -> 'installments') > 0
    ORDER BY payment.id DESC LIMIT 1)`;

/** How many instalments the loan is paid back in: as it was paid, which may be otherwise than it was won. NULL: not known. */
export const instalmentsOwed = (loan: string): string =>
  `coalesce(jsonb_array_length(${printedInstalments(loan)}), ${loan}.number_of_installments)`;
