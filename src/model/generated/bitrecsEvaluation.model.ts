import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_, FloatColumn as FloatColumn_} from "@subsquid/typeorm-store"

/**
 * One agent evaluated by one node. Projection `bitrecs_evaluations`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["netuid", "evaluationId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "agentId", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsEvaluation {
    constructor(props?: Partial<BitrecsEvaluation>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    evaluationId!: string

    @StringColumn_({nullable: false})
    agentId!: string

    @IntColumn_({nullable: false})
    setId!: number

    /**
     * screener_1 | screener_2 | validator
     */
    @StringColumn_({nullable: false})
    kind!: string

    /**
     * hotkey (hex), or the screener's name
     */
    @StringColumn_({nullable: false})
    validator!: string

    @StringColumn_({nullable: false})
    sessionId!: string

    @IntColumn_({nullable: false})
    runs!: number

    @BigIntColumn_({nullable: false})
    startedMs!: bigint

    /**
     * solved runs by all; null: running
     */
    @FloatColumn_({nullable: true})
    score!: number | undefined | null

    /**
     * success | failure; null: running
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
