import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A citation of an answer, with what its receipt says, or why it was dropped. Projection `caster_answers` (platform log).
 */
@Index_(["netuid", "batchId", "artifactId"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "receiptId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterCitation {
    constructor(props?: Partial<CasterCitation>) {
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

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    @StringColumn_({nullable: false})
    artifactId!: string

    @StringColumn_({nullable: false})
    claimId!: string

    @IntColumn_({nullable: false})
    position!: number

    @StringColumn_({nullable: false})
    receiptId!: string

    @StringColumn_({nullable: false})
    resultId!: string

    /**
     * hydrated, dropped
     */
    @StringColumn_({nullable: false})
    status!: string

    @StringColumn_({nullable: true})
    url!: string | undefined | null

    @StringColumn_({nullable: true})
    note!: string | undefined | null

    @StringColumn_({nullable: true})
    reason!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    citedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
