import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_, StringColumn as StringColumn_} from "@subsquid/typeorm-store"

/**
 * An evaluation set: the contest until the next. Projection `bitrecs_sets`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Entity_()
export class BitrecsSet {
    constructor(props?: Partial<BitrecsSet>) {
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

    @IntColumn_({nullable: false})
    setId!: number

    /**
     * {screener_1, screener_2, validator}: names of problems
     */
    @JSONColumn_({nullable: false})
    problems!: unknown

    @BigIntColumn_({nullable: false})
    createdMs!: bigint

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
