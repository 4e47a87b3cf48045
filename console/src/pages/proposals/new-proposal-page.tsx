import {
  Button,
  Collapse,
  Group,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { maskedCpf, typedCpf, typedDate } from '../../format/typed';
import { Refusal } from '../../parts/confirm-dialog';
import { Page } from '../../parts/page';
import { useAction } from '../../parts/use-action';
import { useUnsaved } from '../../session/unsaved';
import {
  BIRTH_DATE,
  borrowerOf,
  HOLDER_CPF,
  LATER_FIELDS,
  NAME,
  PEP,
  SHOWN_AT_FIELDS,
  type BorrowerDraft,
  type PayTo,
  type Product,
} from './borrower-draft';
import { AccountInputs, BorrowerInputs } from './borrower-inputs';
import { EstimatePanel } from './estimate-panel';
import { NO_PAYROLL_WISH, payrollWishOf } from './payroll-wish';
import { PayrollWishInput } from './payroll-wish-input';
import { MOST, wishOf } from './wish';
import { WishInput } from './wish-input';
import { HELP } from '../../words/help-words';

const WHOLE_CPF = 14;
const SUBTITLE: Readonly<Record<Product, string>> = {
  fgts: 'FGTS: antecipação do saque-aniversário',
  federal_payroll: 'SIAPE: consignado de servidores e pensionistas federais',
};

/** Without them there is no offer. */
const FIRST_FIELDS = [NAME, BIRTH_DATE, PEP];

/** From a CPF to a query of its balance in under a minute: what is not known yet is asked for later. */
export function NewProposalPage() {
  const navigate = useNavigate();
  const [cpf, setCpf] = useState('');
  const [product, setProduct] = useState<Product>('fgts');
  const [wish, setWish] = useState(MOST);
  const [payrollWish, setPayrollWish] = useState(NO_PAYROLL_WISH);
  const [employment, setEmployment] = useState({ authority: '', registration: '' });
  const [draft, setDraft] = useState<BorrowerDraft>({});
  const [payTo, setPayTo] = useState<PayTo>('cpf');
  const [isMoreOpen, more] = useDisclosure();
  useUnsaved(cpf !== '' || Object.values(draft).some((text) => text !== ''));
  // The account is the client's own.
  const whole = { ...draft, [HOLDER_CPF]: cpf };
  const asked = {
    fields: isMoreOpen ? [...FIRST_FIELDS, ...LATER_FIELDS] : FIRST_FIELDS,
    account: { payTo, product },
  };
  const opening = useAction(
    (key) =>
      bodyOf(
        api.POST('/api/v1/proposals', {
          headers: { 'Idempotency-Key': key },
          body: {
            product,
            document_number: typedCpf(cpf) ?? cpf,
            channel: 'console',
            ...(product === 'fgts'
              ? { wishes: wishOf(wish) }
              : {
                  // The service checks it, and says of each field what is wrong.
                  wishes: payrollWishOf(payrollWish) as never,
                  ...employmentOf(employment),
                }),
            ...borrowerOf(whole, asked),
          },
        }),
      ),
    'Proposta aberta: o saldo está sendo consultado.',
    ({ proposal_id: id }) => void navigate({ to: '/propostas/$id', params: { id } }),
  );
  const problems = opening.error instanceof ApiProblem ? opening.error.fields : {};
  const isCpfWrong = cpf.length === WHOLE_CPF && typedCpf(cpf) === undefined;
  const inputs = {
    draft: whole,
    problems,
    onChange: (path: string, text: string) => {
      setDraft((before) => ({ ...before, [path]: text }));
    },
  };
  return (
    <Page title="Nova proposta" subtitle={SUBTITLE[product]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          opening.mutate();
        }}
      >
        <Paper p="md" maw={760}>
          <Stack>
            {opening.error !== null && (
              <Refusal
                error={opening.error}
                fields={[...SHOWN_AT_FIELDS, 'amount', 'installments', 'authority_code', 'registration_code']}
              />
            )}
            <SegmentedControl
              aria-label="Produto"
              data={[
                { value: 'fgts', label: 'FGTS' },
                { value: 'federal_payroll', label: 'SIAPE' },
              ]}
              value={product}
              onChange={setProduct}
            />
            <TextInput
              label="CPF do cliente"
              description={HELP.client.cpf}
              placeholder="000.000.000-00"
              autoComplete="off"
              inputMode="numeric"
              data-autofocus
              autoFocus
              required
              maw={240}
              value={cpf}
              error={isCpfWrong ? 'Os dígitos não conferem' : problems['document_number']}
              onChange={({ currentTarget: { value } }) => {
                setCpf(maskedCpf(value));
              }}
            />
            <BorrowerInputs fields={FIRST_FIELDS} {...inputs} />
            <Text size="sm" c="dimmed">
              O saldo é consultado só com o CPF. Para haver oferta, a política precisa da data de nascimento e
              da resposta sobre exposição política.
            </Text>
            {product === 'fgts' ? (
              <>
                <EstimatePanel birthDate={typedDate(draft[BIRTH_DATE.path] ?? '')} />
                <WishInput wish={wish} problems={problems} onChange={setWish} />
              </>
            ) : (
              <>
                <EmploymentInputs employment={employment} problems={problems} onChange={setEmployment} />
                <PayrollWishInput wish={payrollWish} problems={problems} onChange={setPayrollWish} />
              </>
            )}
            <AccountInputs
              product={product}
              payTo={payTo}
              onPayTo={setPayTo}
              asksHolder={false}
              {...inputs}
            />
            <div>
              <Button size="compact-sm" variant="subtle" aria-expanded={isMoreOpen} onClick={more.toggle}>
                {isMoreOpen ? 'Deixar os outros dados para depois' : 'Informar já os outros dados da emissão'}
              </Button>
              <Collapse expanded={isMoreOpen}>
                <BorrowerInputs fields={LATER_FIELDS} {...inputs} />
              </Collapse>
            </div>
            <Group>
              <Button type="submit" loading={opening.isPending} disabled={typedCpf(cpf) === undefined}>
                Consultar o saldo
              </Button>
            </Group>
          </Stack>
        </Paper>
      </form>
    </Page>
  );
}

interface EmploymentDraft {
  readonly authority: string;
  readonly registration: string;
}

/** The one link to ask about; SIAPE names all of them when it is left blank. */
function EmploymentInputs({
  employment,
  problems,
  onChange,
}: {
  readonly employment: EmploymentDraft;
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (employment: EmploymentDraft) => void;
}) {
  return (
    <div>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="Código do órgão (se souber)"
          description={HELP.client.authority}
          inputMode="numeric"
          value={employment.authority}
          error={problems['employment.authority_code']}
          onChange={({ currentTarget: { value } }) => {
            onChange({ ...employment, authority: value });
          }}
        />
        <TextInput
          label="Matrícula SIAPE (se souber)"
          description={HELP.client.registration}
          value={employment.registration}
          error={problems['employment.registration_code']}
          onChange={({ currentTarget: { value } }) => {
            onChange({ ...employment, registration: value });
          }}
        />
      </SimpleGrid>
    </div>
  );
}

function employmentOf({ authority, registration }: EmploymentDraft) {
  const employment = { authority_code: authority.trim(), registration_code: registration.trim() };
  return employment.authority_code === '' && employment.registration_code === '' ? {} : { employment };
}
