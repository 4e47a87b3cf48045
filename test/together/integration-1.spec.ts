import '../support/one-connection';
import { share } from './share';

share('integration', 1);
