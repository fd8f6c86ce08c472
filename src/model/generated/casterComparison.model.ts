import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, BooleanColumn as BooleanColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A challenger against the then sitting first place. Projection `caster_roster` (platform log).
 */
@Index_(["netuid", "batchId"], {unique: false})
@Index_(["netuid", "challenger"], {unique: false})
@Index_(["netuid", "incumbent"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterComparison {
    constructor(props?: Partial<CasterComparison>) {
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

    /**
     * order of the comparisons of a batch
     */
    @IntColumn_({nullable: false})
    position!: number

    @BytesColumn_({nullable: false})
    challenger!: Uint8Array

    @StringColumn_({nullable: false})
    challengerArtifact!: string

    @FloatColumn_({nullable: false})
    challengerTotal!: number

    @BytesColumn_({nullable: true})
    incumbent!: Uint8Array | undefined | null

    @StringColumn_({nullable: true})
    incumbentArtifact!: string | undefined | null

    @FloatColumn_({nullable: true})
    incumbentTotal!: number | undefined | null

    /**
     * total that would have sufficed by score
     */
    @FloatColumn_({nullable: true})
    needed!: number | undefined | null

    @BooleanColumn_({nullable: false})
    beats!: boolean

    /**
     * score, cost, runtime
     */
    @StringColumn_({nullable: true})
    cause!: string | undefined | null

    /**
     * bootstrap, promoted, self_update, unchanged
     */
    @StringColumn_({nullable: false})
    effect!: string

    @StringColumn_({nullable: false})
    ruleVersion!: string

    @StringColumn_({nullable: false})
    policyId!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    comparedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
