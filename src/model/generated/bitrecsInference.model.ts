import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, FloatColumn as FloatColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * What a node says it spent on inference. Projection `bitrecs_scores`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["netuid", "runId", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsInference {
    constructor(props?: Partial<BitrecsInference>) {
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
    inferenceId!: string

    @StringColumn_({nullable: false})
    runId!: string

    @StringColumn_({nullable: false})
    provider!: string

    @StringColumn_({nullable: false})
    model!: string

    @IntColumn_({nullable: false})
    inputTokens!: number

    @IntColumn_({nullable: false})
    outputTokens!: number

    @FloatColumn_({nullable: false})
    costUsd!: number

    @BigIntColumn_({nullable: false})
    atMs!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
