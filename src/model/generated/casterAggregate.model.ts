import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, JSONColumn as JSONColumn_, FloatColumn as FloatColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Medians and total of a script in a batch. Projection `caster_roster` (platform log).
 */
@Index_(["netuid", "batchId"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterAggregate {
    constructor(props?: Partial<CasterAggregate>) {
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
    batchId!: string

    @StringColumn_({nullable: false})
    artifactId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    /**
     * in the order of the batch's claims
     */
    @JSONColumn_({nullable: false})
    perClaimMedian!: unknown

    @FloatColumn_({nullable: false})
    total!: number

    @FloatColumn_({nullable: true})
    costUsd!: number | undefined | null

    /**
     * ms
     */
    @FloatColumn_({nullable: true})
    runtimeMs!: number | undefined | null

    @JSONColumn_({nullable: false})
    validatorsCounted!: unknown

    @JSONColumn_({nullable: false})
    validatorsExcluded!: unknown

    @StringColumn_({nullable: false})
    ruleVersion!: string

    @StringColumn_({nullable: false})
    policyId!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    aggregatedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
