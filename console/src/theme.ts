import {
  Badge,
  createTheme,
  Input,
  Modal,
  Paper,
  Table,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { stopWhereItScrolls } from './parts/scroll';

/** Deep green of a hammer's felt: calm, and far from the red and yellow that mean something. */
const felt: MantineColorsTuple = [
  '#e7faf5',
  '#d3f0e8',
  '#a5e0d0',
  '#74cfb7',
  '#4dc1a2',
  '#35b995',
  '#1f9d7d',
  '#0b7a6b',
  '#08695c',
  '#04564b',
];

/** The night's greys, with a breath of the same green. */
const night: MantineColorsTuple = [
  '#d9e1e0',
  '#b9c3c2',
  '#97a3a1',
  '#6f7c7a',
  '#3a4645',
  '#303a39',
  '#232c2b',
  '#171c1c',
  '#131818',
  '#0f1313',
];

export const theme = createTheme({
  primaryColor: 'felt',
  primaryShade: 7,
  colors: { felt, dark: night },
  autoContrast: true,
  luminanceThreshold: 0.36,
  defaultRadius: 'md',
  fontFamily: "'Inter', system-ui, -apple-system, 'Segoe UI', Roboto, 'Open Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace",
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
  components: {
    // A word in a narrow column makes the column wider; cut, it would say nothing.
    Badge: Badge.extend({ styles: { root: { minWidth: 'max-content' } } }),
    // Help stands beneath: fields beside each other stay on one line, however long their texts are.
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'error', 'description'] },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'md' } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Fechar' } },
      styles: { title: { fontWeight: 600 } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', highlightOnHover: true } }),
    // The keyboard scrolls a table too wide for the screen as well.
    TableScrollContainer: Table.ScrollContainer.extend({
      defaultProps: { scrollAreaProps: { viewportRef: stopWhereItScrolls } },
    }),
  },
});

/** White on it is what stops bidding and ends loans: it has to be read. */
const DANGER = { '--mantine-color-red-filled': '#c92a2a', '--mantine-color-red-filled-hover': '#b02525' };

/** Texts that everybody can read (WCAG AA) on both grounds: greys, and the words on tinted badges. */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...DANGER,
    '--mantine-color-dimmed': '#55615f',
    '--mantine-color-placeholder': '#66716f',
    '--mantine-color-teal-light-color': '#05604a',
    '--mantine-color-orange-light-color': '#8f3a0a',
    '--mantine-color-yellow-light-color': '#6f4a00',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-blue-light-color': '#12508f',
    '--mantine-color-cyan-light-color': '#0a5666',
    '--mantine-color-orange-text': '#b3470b',
    '--mantine-color-red-text': '#c92a2a',
    '--page': '#f6f8f8',
    '--picked': '#edf8f4',
  },
  dark: {
    ...DANGER,
    '--mantine-color-dimmed': '#a3adad',
    '--mantine-color-placeholder': '#9aa5a4',
    '--mantine-color-gray-light': '#2c3635',
    // Large grounds, for hours at night: the colour says what it is without glowing.
    '--mantine-color-orange-light': '#3d2716',
    '--mantine-color-orange-light-color': '#ffc49a',
    '--mantine-color-red-light': '#451c1d',
    '--mantine-color-red-light-color': '#ffb3b3',
    '--mantine-color-yellow-light': '#3a3010',
    '--mantine-color-yellow-light-color': '#ffe08a',
    '--page': '#101414',
    '--picked': '#1b2a27',
  },
});
