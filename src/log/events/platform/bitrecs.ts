import { bitrecsEvaluationEvents } from './bitrecs-evaluation'
import { bitrecsSubmissionEvents } from './bitrecs-submission'

/** Events of the bitrecs platform; fields as in its spec. */
export const bitrecsEvents = { ...bitrecsSubmissionEvents, ...bitrecsEvaluationEvents }
