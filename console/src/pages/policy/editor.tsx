import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  List,
  Loader,
  Paper,
  Skeleton,
  Tabs,
  Text,
  Tooltip,
} from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, useMemo, type ReactNode } from 'react';
import type { PolicyVersion } from '../../api/client';
import { ApiProblem, sentenceOf } from '../../api/problem';
import { Page } from '../../parts/page';
import { useSession } from '../../session/session-provider';
import { Icon } from '../../shell/icons';
import { Literal } from '../../parts/literal';
import { useReadSearch } from '../../parts/use-read-search';
import { useCheck, type Check } from './checking';
import { ProductFields } from './dictionary';
import type { PanelProps, PolicyDocument } from './document';
import {
  BacktestPanel,
  CasesPanel,
  ConflictAlert,
  DiffPanel,
  ExaminationPanel,
  ListsPanel,
  ProductSettings,
  ReviewPanel,
  RulesPanel,
  SettingsPanel,
  ShadowPanel,
} from './later-panels';
import { LifeButtons } from './life-buttons';
import { Particulars } from './particulars';
import { problemsOf, viewOf, withView, type Product } from './product-view';
import { InSection, ProductSwitch } from './product-switch';
import { readPolicySearch, TAB_LABEL, tabOf, TABS, type Tab } from './places';
import { waitsFor } from './reviews';
import { TablesPanel } from './tables-panel';
import { HoldContext } from './use-hold';
import { useWork, type Work } from './use-work';

/** A version with its panels. Of a draft, what is on the screen is checked while it is written and saved on demand. */
export function Editor({ version }: { readonly version: PolicyVersion }) {
  const { may } = useSession();
  const navigate = useNavigate();
  const work = useWork(version);
  const check = useCheck(work.manuscript);
  const isEditable = version.state === 'draft' && may('policies.write_values');
  const { produto: product = 'private_payroll' } = useReadSearch(readPolicySearch);
  const go = (to: Tab, of: Product = product): void => {
    const search = of === 'private_payroll' ? { aba: to } : { aba: to, produto: of };
    void navigate({ to: '.', search, replace: true });
  };
  return (
    <Page
      title={`Versão ${String(version.number)}`}
      subtitle={<Particulars version={version} name={work.manuscript.document.name} />}
      actions={
        <>
          {may('policies.test') && (
            <CheckBadge
              check={check}
              onOpen={() => {
                go(
                  check.examination?.tests.some(({ passed }) => !passed) === true ? 'casos' : 'conferencias',
                );
              }}
            />
          )}
          {isEditable && (
            <>
              <StepButton name="undo" label="Desfazer" onClick={work.history.undo} />
              <StepButton name="redo" label="Refazer" onClick={work.history.redo} />
            </>
          )}
          {isEditable && work.isChanged ? <SaveButtons work={work} /> : <LifeButtons version={version} />}
        </>
      }
    >
      <Disagreement work={work} version={version} />
      <HoldContext value={work.hold}>
        <Panels {...{ version, work, check, product, isEditable }} onGo={go} />
      </HoldContext>
    </Page>
  );
}

function SaveButtons({ work: { history, start, manuscript, save } }: { readonly work: Work }) {
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          history.set(start);
        }}
      >
        Descartar mudanças
      </Button>
      <Button
        loading={save.isPending}
        onClick={() => {
          save.mutate(manuscript);
        }}
      >
        Salvar rascunho
      </Button>
    </>
  );
}

/** Where somebody else has saved meanwhile, or the service would not save. */
function Disagreement({ work, version }: { readonly work: Work; readonly version: PolicyVersion }) {
  const { start, manuscript, isOvertaken, isChanged, adopt, save } = work;
  if (isOvertaken && isChanged)
    return (
      <Suspense fallback={<Skeleton height={120} aria-busy="true" aria-label="Carregando" />}>
        <ConflictAlert
          base={start}
          mine={manuscript}
          theirs={version}
          onReapply={(merged) => {
            save.reset();
            adopt(version, merged);
          }}
          onDiscard={() => {
            save.reset();
            adopt(version);
          }}
        />
      </Suspense>
    );
  return save.error === null || !isChanged ? null : <SaveRefusal error={save.error} />;
}

interface PanelsProps {
  readonly version: PolicyVersion;
  readonly work: Work;
  readonly check: Check;
  readonly product: Product;
  readonly isEditable: boolean;
  readonly onGo: (to: Tab, of?: Product) => void;
}

/** Between the authors' last word and the first decision, an approver comes to review. */
const REVIEWED: readonly PolicyVersion['state'][] = ['in_review', 'approved', 'scheduled'];

function Panels(props: PanelsProps) {
  const { version, check, product, onGo } = props;
  const { may, session } = useSession();
  const isReviewed = REVIEWED.includes(version.state) && waitsFor({ may, actor: session.actor }, version);
  const { aba: tab = isReviewed ? 'revisao' : 'tabelas' } = useReadSearch(readPolicySearch);
  return (
    <Paper p="md">
      <ProductSwitch
        product={product}
        onChange={(chosen) => {
          onGo(tab, chosen);
        }}
      />
      <ProductFields product={product}>
        <Tabs
          keepMounted={false}
          value={tab}
          onChange={(chosen) => {
            onGo(chosen as Tab);
          }}
        >
          <Tabs.List mb="md">
            {TABS.map((one) => (
              <Tabs.Tab key={one} value={one} rightSection={<ErrorCount tab={one} check={check} />}>
                {TAB_LABEL[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {TABS.map((one) => (
            <Tabs.Panel key={one} value={one}>
              <Suspense fallback={<Skeleton height={220} aria-busy="true" aria-label="Carregando" />}>
                {isOfSection(one) ? <SectionPanel tab={one} {...props} /> : <Panel tab={one} {...props} />}
              </Suspense>
            </Tabs.Panel>
          ))}
        </Tabs>
      </ProductFields>
    </Paper>
  );
}

/** What each product has for itself; the other tabs are about the whole document. */
const OF_SECTION = ['tabelas', 'regras', 'limites', 'casos'] as const;
type SectionTab = (typeof OF_SECTION)[number];
const isOfSection = (tab: Tab): tab is SectionTab => OF_SECTION.some((one) => one === tab);

/** A panel of the chosen product's section, which may not be there yet. */
function SectionPanel(props: PanelsProps & { readonly tab: SectionTab }) {
  const mayChangeStructure = useSession().may('policies.write_structure');
  const { product, work, isEditable } = props;
  const { document, lists } = work.manuscript;
  const view = useMemo(() => viewOf(document, product), [document, product]);
  const change = (changed: PolicyDocument): void => {
    work.history.set({ document: changed, lists });
  };
  const mayAdd = isEditable && mayChangeStructure;
  return (
    <InSection {...{ document, view, product, mayAdd }} onChange={change}>
      {(shown): ReactNode => (
        <InsideSection
          {...props}
          document={shown}
          onChange={(changed) => {
            change(withView(document, product, changed));
          }}
        />
      )}
    </InSection>
  );
}

function InsideSection({
  tab,
  version: { number },
  work,
  check,
  product,
  isEditable,
  document,
  onChange,
}: PanelsProps & PanelProps & { readonly tab: SectionTab }) {
  const mayChangeStructure = useSession().may('policies.write_structure');
  const { base, start, history, manuscript, isChanged } = work;
  const problems = useMemo(() => problemsOf(check.problems, product), [check.problems, product]);
  const panel = { document, isEditable, onChange, problems };
  switch (tab) {
    case 'tabelas': {
      const original = viewOf(start.document, product);
      // Only of the house's own auctions is it worked out.
      const costs = product === 'private_payroll' ? (check.examination?.costs ?? []) : [];
      const rest = {
        product,
        mayChangeStructure,
        number,
        hash: base.hash,
        original,
        costs,
        history,
        isChanged,
      };
      return <TablesPanel key={product} {...panel} {...rest} />;
    }
    case 'regras': {
      const mayEdit = isEditable && mayChangeStructure;
      return <RulesPanel {...panel} product={product} manuscript={manuscript} isEditable={mayEdit} />;
    }
    case 'limites':
      return product === 'private_payroll' ? (
        <SettingsPanel {...panel} mayChangeStructure={mayChangeStructure} />
      ) : (
        <ProductSettings {...panel} product={product} mayChangeStructure={mayChangeStructure} />
      );
    case 'casos': {
      const { examination } = check;
      return <CasesPanel {...panel} {...{ product, manuscript, examination }} />;
    }
  }
}

function Panel({
  tab,
  version,
  work,
  check,
  product,
  isEditable,
  onGo,
}: PanelsProps & { readonly tab: Exclude<Tab, SectionTab> }) {
  const mayDeclare = useSession().may('policies.write_structure');
  const { base, history, manuscript, isChanged } = work;
  switch (tab) {
    case 'listas': {
      const problems = problemsOf(check.problems, product);
      const shared = {
        ...manuscript,
        number: version.number,
        hash: base.hash,
        isChanged,
        isEditable,
        problems,
      };
      return <ListsPanel {...shared} mayDeclare={mayDeclare} onChange={history.set} />;
    }
    case 'revisao':
      return <ReviewPanel {...{ version, product, isChanged, onGo }} />;
    case 'conferencias':
      return <ExaminationPanel check={check} onGo={onGo} />;
    case 'mudancas':
      return <DiffPanel version={version} isChanged={isChanged} />;
    case 'impacto':
      return <BacktestPanel version={version} isChanged={isChanged} />;
    case 'sombra':
      return <ShadowPanel version={version} />;
  }
}

/** Whether what is on the screen holds, at a glance. */
function CheckBadge({ check, onOpen }: { readonly check: Check; readonly onOpen: () => void }) {
  const errors = check.problems.filter(({ severity }) => severity === 'error').length;
  const warnings = check.problems.length - errors;
  const failing = check.examination?.tests.filter(({ passed }) => !passed).length ?? 0;
  const [color, text] =
    check.failure !== undefined
      ? ['orange', 'não foi possível conferir']
      : errors > 0
        ? ['red', `${String(errors)} ${errors === 1 ? 'erro' : 'erros'}`]
        : failing > 0
          ? ['red', `${String(failing)} ${failing === 1 ? 'caso falha' : 'casos falham'}`]
          : check.isSound === undefined
            ? ['gray', 'conferindo']
            : warnings > 0
              ? ['yellow', `${String(warnings)} ${warnings === 1 ? 'aviso' : 'avisos'}`]
              : ['teal', 'sem problemas'];
  return (
    <Badge
      component="button"
      type="button"
      variant="light"
      size="lg"
      tt="none"
      color={color}
      style={{ cursor: 'pointer' }}
      data-check={check.isBusy ? 'busy' : color}
      leftSection={check.isBusy ? <Loader size={12} color="gray" aria-label="Conferindo" /> : undefined}
      onClick={onOpen}
    >
      {text}
    </Badge>
  );
}

function StepButton({
  name,
  label,
  onClick,
}: {
  readonly name: 'undo' | 'redo';
  readonly label: string;
  readonly onClick: (() => void) | undefined;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={label}
        disabled={onClick === undefined}
        onClick={onClick}
      >
        <Icon name={name} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** How many errors are behind a tab. */
function ErrorCount({ tab, check }: { readonly tab: Tab; readonly check: Check }) {
  const errors = check.problems.filter(
    ({ severity, path }) => severity === 'error' && tabOf(path) === tab,
  ).length;
  const failing =
    tab === 'casos' ? (check.examination?.tests.filter(({ passed }) => !passed).length ?? 0) : 0;
  if (errors + failing === 0) return null;
  return (
    <Badge size="xs" color="red" aria-label={`${String(errors + failing)} a corrigir`}>
      {errors + failing > 99 ? '99+' : errors + failing}
    </Badge>
  );
}

/** Why nothing was saved; each problem also stands at its field. */
function SaveRefusal({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiProblem))
    return (
      <Alert color="red" role="alert">
        {sentenceOf(error)}
      </Alert>
    );
  const { paths } = error.more;
  return (
    <Alert color="red" role="alert" title={error.title}>
      {error.detail !== undefined && <Text size="sm">{error.detail}</Text>}
      <List size="sm">
        {error.errors.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            <Literal>{path}</Literal>: {message}
          </List.Item>
        ))}
        {Array.isArray(paths) &&
          paths.map((path) => <List.Item key={String(path)}>{String(path)}</List.Item>)}
      </List>
    </Alert>
  );
}
